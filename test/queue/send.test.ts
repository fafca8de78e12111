import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from 'vitest';
import { sendAll } from '../../lib/queue/send.ts';

interface SentEntry {
  readonly Id: string;
  readonly MessageBody: string;
}
interface Failure {
  readonly Id: string;
  readonly SenderFault: boolean;
  readonly Code: string;
}

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** An SQS that refuses what `refuse` says, and keeps the bodies it took. */
async function sqs(refuse: (entry: SentEntry, call: number) => Omit<Failure, 'Id'> | null) {
  const taken: string[] = [];
  const calls: number[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { Entries: entries } = JSON.parse(Buffer.concat(chunks).toString()) as { Entries: SentEntry[] };
    calls.push(entries.length);
    const failed = entries.flatMap((entry) => {
      const failure = refuse(entry, calls.length);
      if (!failure) taken.push(entry.MessageBody);
      return failure ? [{ Id: entry.Id, ...failure }] : [];
    });
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify({ Successful: [], Failed: failed }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new SQSClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${port}`,
    useQueueUrlAsEndpoint: false,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const send = (count: number) =>
    sendAll(
      client,
      'https://sqs.eu-west-1.amazonaws.com/000000000000/q',
      Array.from({ length: count }, (_, n) => ({ MessageBody: `m${n}` })),
    );
  return { send, taken, calls };
}

const BUSY = { SenderFault: false, Code: 'InternalError' };

test('what a batch refuses for no fault of ours is sent again, and nothing else', async () => {
  const odd = new Set(['m1', 'm7', 'm11']);
  const { send, taken } = await sqs(({ MessageBody }) => (odd.delete(MessageBody) ? BUSY : null));
  await send(12);
  expect(taken.sort()).toEqual(Array.from({ length: 12 }, (_, n) => `m${n}`).sort());
});

test('what is refused again and again is an error, with the count and the code', async () => {
  const { send, calls } = await sqs(({ MessageBody }) => (MessageBody === 'm1' ? BUSY : null));
  await expect(send(3)).rejects.toThrow(/SQS refused 1 of 1 messages .*: InternalError/);
  expect(calls).toEqual([3, 1, 1, 1]);
});

test('what is refused by our own fault is not sent again', async () => {
  const { send, calls } = await sqs(() => ({ SenderFault: true, Code: 'InvalidParameterValue' }));
  await expect(send(2)).rejects.toThrow(/SQS refused 2 of 2 messages .*: InvalidParameterValue/);
  expect(calls).toEqual([2]);
});

test('a batch that fails does not keep the others from being sent', async () => {
  const { send, taken } = await sqs(({ MessageBody }) =>
    MessageBody === 'm0' ? { SenderFault: true, Code: 'InvalidMessageContents' } : null,
  );
  await expect(send(200)).rejects.toThrow(/InvalidMessageContents/);
  expect(taken).toHaveLength(199);
});
