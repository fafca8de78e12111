import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const PARALLAX = fileURLToPath(new URL('../../bin/parallax.js', import.meta.url));

interface Asked {
  readonly method: IncomingMessage['method'];
  readonly url: IncomingMessage['url'];
  readonly type: string | undefined;
  readonly body: Record<string, unknown>;
}

let asked: Asked[] = [];
let api = '';

/** Answers as the API does: with what it was told, or a problem for an endpoint that has no incident. */
const server = createServer(async (request, response) => {
  const body = JSON.parse(await text(request));
  const { method, url, headers } = request;
  asked.push({ method, url, type: headers['content-type'], body });
  const refused = url?.includes('/quiet/') ?? false;
  const problem = { title: 'Conflict', detail: 'endpoint quiet has no open incident' };
  const type = refused ? 'application/problem+json' : 'application/json';
  response.writeHead(refused ? 409 : 200, { 'content-type': type });
  response.end(JSON.stringify(refused ? problem : { until: null, ...body }));
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  server.close();
});

function parallax(...args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PARALLAX, ...args, '--api', api], (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, stdout, stderr });
    });
  });
}

test('ack says who, what and until when', async () => {
  const until = '2099-01-31T12:00:00+01:00';
  const { code, stdout } = await parallax('ack', 'shop', '--by', 'ada', '--note', 'on it', '--until', until);
  expect(asked).toEqual([
    {
      method: 'PUT',
      url: '/endpoints/shop/acknowledgement',
      type: 'application/json',
      body: { by: 'ada', note: 'on it', until },
    },
  ]);
  expect(stdout).toBe(`shop: acknowledged by ada until ${until}\n`);
  expect(code).toBe(0);
});

test('ack as an alert words it: by whoever is logged in, until it is over', async () => {
  const { code, stdout } = await parallax('ack', 'shop');
  expect(asked[0]?.body).toEqual({ by: expect.stringMatching(/./) });
  expect(stdout).toBe(`shop: acknowledged by ${asked[0]?.body.by}, until it is over\n`);
  expect(code).toBe(0);
});

test('mute takes a span from now, and answers as the API does with --json', async () => {
  const before = Date.now();
  const { code, stdout } = await parallax('mute', 'shop', '--until', '2h', '--json');
  const { method, url, body } = asked[0] ?? { method: '', url: '', body: { until: '' } };
  expect([method, url, Object.keys(body)]).toEqual(['PUT', '/endpoints/shop/mute', ['until']]);
  const span = Date.parse(String(body.until)) - before;
  expect(span).toBeGreaterThanOrEqual(7_200_000);
  expect(span).toBeLessThan(7_200_000 + Date.now() - before + 1);
  expect(JSON.parse(stdout)).toEqual(body);
  expect(code).toBe(0);
});

test('what the API refuses is one line, in its own words, and exit code 1', async () => {
  const { code, stdout, stderr } = await parallax('ack', 'quiet');
  expect(stderr).toBe('parallax: endpoint quiet has no open incident\n');
  expect(stdout).toBe('');
  expect(code).toBe(1);
});
