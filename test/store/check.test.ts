import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getCheck } from '../../lib/store/check.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

/** The first form of an observation in full is its JSON after a byte 1. */
const packed = (json: string): Uint8Array => Buffer.concat([Buffer.of(1), Buffer.from(json)]);

const SHA256 = 'ab'.repeat(32);

/**
 * Items as they were written when checks began to stay for good, on 2026-11-28. They are never rewritten: whoever changes how a check is
 * stored adds items of the new form here, and changes none of these.
 */
const STORED = [
  {
    pk: 'CHECK#3f2a91c04be7d815',
    sk: 'CHECK',
    id: '3f2a91c04be7d815',
    askedAt: 1_795_867_200_000,
    endpoint: 'shop',
    target: {
      host: 'shop.example.com',
      port: 443,
      handshake: 'tls',
      addressFamily: 'ipv4',
      serverName: 'shop.example.com',
      certificate: 'verify',
    },
    regions: ['eu-west-1', 'us-east-1'],
  },
  {
    pk: 'CHECK#3f2a91c04be7d815',
    sk: 'REGION#eu-west-1',
    region: 'eu-west-1',
    observation: packed(
      `[[0,{"passed":true,"tag":0,"at":1795867200100,"stage":"tls","address":"203.0.113.7","tcpClock":"kernel","synRetransmits":0,"minRttMs":23.1,"tainted":[],"certificate":"${SHA256}","timings":{"dnsMs":1.25,"tcpMs":23.5,"tlsMs":25.75}}]]`,
    ),
    tls: { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', alpn: 'h2' },
    certificate: {
      sha256: SHA256,
      subject: 'CN=shop.example.com',
      issuer: 'CN=R11',
      names: ['shop.example.com'],
      notBefore: '2026-11-21T00:00:00.000Z',
      notAfter: '2026-12-21T00:00:00.000Z',
      chain: 2,
    },
    sourceAddress: '198.51.100.9',
  },
  {
    pk: 'CHECK#3f2a91c04be7d815',
    sk: 'REGION#us-east-1',
    region: 'us-east-1',
    observation: packed(
      '[[0,{"passed":false,"tag":0,"at":1795867200200,"stage":"tcp","outcome":"refused","evidence":"refused","reason":null,"errno":"ECONNREFUSED","bytesReceived":0,"sourceAddress":null,"address":"203.0.113.7","tcpClock":"kernel","synRetransmits":0,"tainted":[],"certificate":null,"timings":{"dnsMs":1.25}}]]',
    ),
    tls: null,
    certificate: null,
    sourceAddress: null,
  },
];

test('a check that was stored long ago still opens', async () => {
  const { documents, name } = stack.table;
  for (const item of STORED) await documents.send(new PutCommand({ TableName: name, Item: item }));
  expect(await getCheck(stack.table, '3f2a91c04be7d815')).toMatchObject({
    endpoint: 'shop',
    target: { host: 'shop.example.com', handshake: 'tls' },
    answers: [
      {
        region: 'eu-west-1',
        observation: { passed: true, timings: { tlsMs: 25.75 } },
        certificate: { chain: 2 },
      },
      { region: 'us-east-1', observation: { passed: false, outcome: 'refused', errno: 'ECONNREFUSED' } },
    ],
  });
});
