import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ecsOf } from '../../lib/cli/observations.ts';

const PARALLAX = fileURLToPath(new URL('../../bin/parallax.js', import.meta.url));

type Endpoint = Parameters<typeof ecsOf>[0];
type Timing = Parameters<typeof ecsOf>[1];

const endpoint = { id: 'shop', host: 'shop.test', port: 443, handshake: 'http2', tags: ['web'] };
const timing: Timing = {
  region: 'eu-west-1',
  at: '2026-11-21T03:12:05.123Z',
  stage: 'http2',
  outcome: 'ok',
  evidence: 'listening',
  reason: null,
  timings: { dnsMs: 1.25, tcpMs: 20, tlsMs: 22.5, http2Ms: 21 },
  address: '203.0.113.7',
  tcpClock: 'kernel',
  tainted: [],
  synRetransmits: 0,
  minRttMs: 19.9,
  maintenance: false,
};
const blocked: Timing = {
  ...timing,
  stage: 'tcp',
  outcome: 'timeout',
  evidence: 'filtered',
  timings: { dnsMs: 1 },
};

let asked: string[] = [];
let api = '';
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  asked.push(pathname + (searchParams.get('next') ?? ''));
  const pages: Readonly<Record<string, unknown>> = {
    '/endpoints': { items: [endpoint], next: null },
    '/endpoints/shop': endpoint,
    '/endpoints/shop/timings': { items: [timing], next: 'more' },
    '/endpoints/shop/timingsmore': { items: [blocked], next: null },
  };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(pages[pathname + (searchParams.get('next') ?? '')]));
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

const linesOf = async (...args: readonly string[]) => {
  asked = [];
  const stdout = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [PARALLAX, 'observations', ...args, '--api', api], (error, out, said) =>
      error ? reject(new Error(said, { cause: error })) : resolve(out),
    );
  });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
};

describe('an observation as a log line', () => {
  test('has the names of Elastic Common Schema, and its total in nanoseconds', () => {
    expect(ecsOf(endpoint as unknown as Endpoint, timing)).toMatchObject({
      '@timestamp': timing.at,
      'event.outcome': 'success',
      'event.duration': 64_750_000,
      status: 'LISTENING',
      'host.name': 'shop.test',
      'destination.ip': '203.0.113.7',
      'destination.port': 443,
      'cloud.region': 'eu-west-1',
      'parallax.endpoint': 'shop',
    });
  });

  test.each([
    ['filtered', 'failure', 'FILTERED'],
    ['inconclusive', 'unknown', 'INCONCLUSIVE'],
    ['listening', 'failure', 'LISTENING'],
  ] as const)('of evidence %s is a %s', (evidence, outcome, status) => {
    const line = ecsOf(endpoint as unknown as Endpoint, { ...blocked, evidence, address: null });
    expect(line).toMatchObject({ 'event.outcome': outcome, status });
    expect(line).not.toHaveProperty('destination.ip');
  });
});

test('every page of every endpoint is written, a line a try', async () => {
  const one = await linesOf('shop');
  expect(one.map(({ status }) => status)).toEqual(['LISTENING', 'FILTERED']);
  expect(asked).toEqual(['/endpoints/shop', '/endpoints/shop/timings', '/endpoints/shop/timingsmore']);
  expect(await linesOf()).toEqual(one);
});
