import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { beat } from '../../lib/flow/heartbeat.ts';
import { putJudged } from '../../lib/store/judged.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';

const NOW = Date.UTC(2026, 10, 20, 3, 0, 0);

let stack: TestStack;
let server: Server;
let url: string;
let status = 200;
const asked: string[] = [];
const warned = vi.spyOn(console, 'warn').mockReturnValue();

beforeAll(async () => {
  stack = await startTestStack();
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status).end('thank you');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/secret`;
});
afterAll(async () => {
  warned.mockRestore();
  server.close();
  server.closeAllConnections();
  await stack.close();
});
beforeEach(() => {
  asked.length = 0;
  status = 200;
  warned.mockClear();
});

const judged = (secondsAgo: number, open: readonly string[] = []) =>
  putJudged(stack.table, { at: NOW - secondsAgo * 1000, open });

test('before the judge has judged anything nothing is said', async () => {
  expect(await beat(stack.table, url, NOW)).toBe(false);
  expect(asked).toEqual([]);
});

test.each([
  ['where all is in order it is fetched', 60, [], true],
  ['one minute may be lost', 149, [], true],
  ['two may not', 151, [], false],
  ['what is open keeps it back', 10, ['region.eu-west-1'], false],
])('%s', async (_, secondsAgo, open, fetched) => {
  await judged(secondsAgo, open);
  expect(await beat(stack.table, url, NOW)).toBe(fetched);
  expect(asked).toEqual(fetched ? ['GET /ping/secret'] : []);
});

test('where there is no URL nothing is fetched', async () => {
  await judged(1);
  expect(await beat(stack.table, null, NOW)).toBe(false);
  expect(asked).toEqual([]);
});

test.each([
  [
    'refuses',
    async () => {
      status = 500;
      return url;
    },
  ],
  ['is not there', async () => 'http://127.0.0.1:1/ping/secret'],
])('one that %s is logged without its URL, and throws nothing', async (_, urlOf) => {
  await judged(1);
  expect(await beat(stack.table, await urlOf(), NOW)).toBe(false);
  expect(warned).toHaveBeenCalledOnce();
  expect(JSON.stringify(warned.mock.calls)).not.toContain('secret');
});

test('a judge that has judged nothing for 5 min makes the watchdog fail, whose errors have an alarm', async () => {
  await judged(300);
  expect(await beat(stack.table, url, NOW)).toBe(false);
  await judged(301);
  await expect(beat(stack.table, url, NOW)).rejects.toThrow(/judged nothing since 2026-11-20T02:54:59.000Z/);
  await expect(beat(stack.table, null, NOW)).rejects.toThrow(/judged nothing/);
});
