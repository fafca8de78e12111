import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Envelope } from '../../lib/local/inbox.ts';
import { openWebhooks } from '../../lib/local/webhook.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

const message = (text: string): Envelope => ({
  Type: 'Notification',
  MessageId: text,
  TopicArn: 'arn:aws:sns:eu-test-1:000000000000:local-alerts-json',
  Message: text,
  Timestamp: '2026-11-20T03:12:05.000Z',
});

/** A receiver that answers as told; what it accepted, in order. */
async function receiver(port = 0, answer: (text: string) => number | null = () => 204) {
  const got: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { Message } = JSON.parse(Buffer.concat(chunks).toString());
    const status = answer(Message);
    if (status === null) return;
    if (status < 300) got.push(Message);
    response.writeHead(status).end();
  }).listen(port, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { got, server, port: (server.address() as AddressInfo).port };
}

/** A port nobody listens on, and what resolves when a connection to it has been refused. */
async function closedPort() {
  const { server, port } = await receiver();
  server.close();
  await once(server, 'close');
  const refused = new Promise<void>((resolve) => {
    const channel = 'undici:client:connectError';
    const look = (told: unknown): void => {
      if (!JSON.stringify(told, ['connectParams', 'port']).includes(`"${port}"`)) return;
      unsubscribe(channel, look);
      resolve();
    };
    subscribe(channel, look);
  });
  return { port, refused };
}

function webhooks(pausesMs?: readonly number[]) {
  const closing = new AbortController();
  const troubles: string[] = [];
  const opened = openWebhooks(closing.signal, (what) => troubles.push(what), pausesMs);
  return { ...opened, closing, troubles };
}

test('a receiver that comes up late gets everything, in order', async () => {
  const { port, refused } = await closedPort();
  const url = `http://127.0.0.1:${port}/`;
  const { post, idle, troubles } = webhooks();
  for (const text of ['trigger', 'update', 'resolve']) post(url, message(text));
  await refused;
  const { got } = await receiver(port);
  await idle();
  expect(got).toEqual(['trigger', 'update', 'resolve']);
  expect(troubles).toEqual([]);
});

test('what is refused for a while holds up what follows to the same URL, and nothing else', async () => {
  let busy = true;
  const slow = await receiver(0, () => (busy ? 503 : 200));
  const other = await receiver(0, () => {
    busy = false;
    return 200;
  });
  const { post, idle, troubles } = webhooks([0, ...Array<number>(1000).fill(1)]);
  post(`http://127.0.0.1:${slow.port}/`, message('trigger'));
  post(`http://127.0.0.1:${slow.port}/`, message('resolve'));
  post(`http://127.0.0.1:${other.port}/`, message('trigger'));
  await idle();
  expect(slow.got).toEqual(['trigger', 'resolve']);
  expect(other.got).toEqual(['trigger']);
  expect(troubles).toEqual([]);
});

test('what is given up is told once and lets the next one pass', async () => {
  const tries: string[] = [];
  const { port, got } = await receiver(0, (text) => {
    tries.push(text);
    return text === 'bad' ? 500 : 200;
  });
  const url = `http://127.0.0.1:${port}/`;
  const { post, idle, troubles } = webhooks([1, 2]);
  post(url, message('bad'));
  post(url, message('good'));
  await idle();
  expect(tries).toEqual(['bad', 'bad', 'bad', 'good']);
  expect(got).toEqual(['good']);
  expect(troubles).toEqual([`--webhook ${url}: an alert was not delivered`]);
});

test('the end of the stack ends pauses and answers that do not come, in silence', async () => {
  const { port, refused } = await closedPort();
  const asked = Promise.withResolvers<void>();
  const mute = await receiver(0, () => {
    asked.resolve();
    return null;
  });
  const { post, idle, closing, troubles } = webhooks([1_000_000]);
  post(`http://127.0.0.1:${port}/`, message('trigger'));
  post(`http://127.0.0.1:${mute.port}/`, message('trigger'));
  post(`http://127.0.0.1:${mute.port}/`, message('resolve'));
  await Promise.all([refused, asked.promise]);
  closing.abort();
  await idle();
  expect(troubles).toEqual([]);
});
