import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFetch } from '../../../lib/cli/api-fetch.ts';
import { type DashboardServer, startDashboard } from '../../../lib/cli/dashboard/server.ts';
import { Metrics } from '../../../lib/local/metrics.ts';
import { type Given, startAnswers } from '../../support/http-answers.ts';

const PAGE = { statusCode: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('page') };

const answers = await startAnswers(({ target, body }): Given => {
  if (target === '/html') return { headers: { 'content-type': 'text/html' }, body: '<p>' };
  if (target === '/wrong') return { status: 400, body: { detail: 'host is required' } };
  if (target === '/gone') return { status: 204 };
  return { headers: { etag: '"3"', 'x-secret': 'no' }, body: { target, got: body.toString() } };
});
let server: DashboardServer;
beforeAll(async () => {
  const metrics = new Metrics({
    statusPage: async () => ({ items: [], next: null }),
    status: () => Promise.reject(new Error('nothing has a certificate')),
  });
  const site = { answer: (_: string, path: string) => (path === '/' ? PAGE : null) };
  const api = openFetch({ api: answers.url, sign: false }, {});
  server = await startDashboard(0, { site, api, metrics }, (what, error) => {
    throw new Error(what, { cause: error });
  });
});
afterAll(async () => {
  await server.close();
  answers.close();
});

/** As a browser asks, which `fetch` may not pretend to be. */
async function asked(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  body = '',
) {
  const { port } = new URL(server.url);
  const sent = request({ port, path, method, headers: { host: `127.0.0.1:${port}`, ...headers } });
  sent.end(body);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

test('what the page asks below /api is asked of the API, and its answer is the API’s', async () => {
  const json = { 'content-type': 'application/json', 'if-match': '"2"', cookie: 'other=site' };
  const { status, headers, body } = await asked('/api/endpoints/a%2Fb?x=%2B', json, 'PUT', '{"port":1}');
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual({ target: '/endpoints/a%2Fb?x=%2B', got: '{"port":1}' });
  expect(headers).toMatchObject({ etag: '"3"', 'cache-control': 'no-store' });
  expect(headers).not.toHaveProperty('x-secret');
  const seen = answers.asked.at(-1);
  expect(seen).toMatchObject({ method: 'PUT', headers: { 'if-match': '"2"' } });
  expect(seen?.headers).not.toHaveProperty('cookie');
});

test('refusals are told as problems, in the words of the command line', async () => {
  expect(await asked('/api/wrong')).toMatchObject({
    status: 400,
    body: expect.stringContaining('host is required'),
  });
  const { status, body } = await asked('/api/html');
  expect(status).toBe(502);
  expect(JSON.parse(body).detail).toContain('not as Parallax does');
  expect(await asked('/api/gone', {}, 'DELETE')).toMatchObject({ status: 204, body: '' });
});

describe('who may ask', () => {
  const other = { origin: 'http://evil.example' };
  test.each([
    ['/api/status', { host: 'evil.example' }, 403],
    ['/', { host: 'evil.example' }, 403],
    ['/api/status', other, 403],
    ['/api/status', { 'sec-fetch-site': 'cross-site' }, 403],
    ['/metrics', { 'sec-fetch-site': 'cross-site' }, 403],
    // A link in somebody's mail leads to the page, which asks for itself.
    ['/', { 'sec-fetch-site': 'cross-site' }, 200],
    ['/metrics', {}, 200],
    ['/status', {}, 404],
  ])('%s %j: %i', async (path, headers, status) => {
    const before = answers.asked.length;
    expect((await asked(path, headers)).status).toBe(status);
    expect(answers.asked.length).toBe(before);
  });
});
