import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { MAX_BODY_BYTES } from '../../lib/api/request.ts';
import { allCohorts } from '../../lib/store/cohorts.ts';
import { getEndpoint } from '../../lib/store/endpoint.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

const least = { host: 'shop.example.com', port: 443, handshake: 'http2' };
const future = () => new Date(Date.now() + 3_600_000).toISOString();

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ allowPrivateAddresses: false, ipv6: false });
});
afterAll(() => api.close());

describe('a refused PUT names what is wrong and changes nothing', () => {
  const json = JSON.stringify(least);
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');

  test.each<[string, number, RegExp, Parameters<TestApi['call']>[3]]>([
    ['no body', 415, /content-type/, {}],
    ['an empty body', 400, /not JSON/, { raw: '' }],
    ['not JSON', 400, /not JSON/, { raw: '{"host": ' }],
    ['JSON with more behind it', 400, /not JSON/, { raw: `${json}{}` }],
    ['a list', 400, /JSON object/, { raw: `[${json}]` }],
    ['null', 400, /JSON object/, { raw: 'null' }],
    ['a text', 400, /JSON object/, { raw: '"x"' }],
    ['lists in lists', 400, /JSON object/, { raw: deep }],
    [
      'another content type',
      415,
      /application\/json/,
      { raw: json, headers: { 'content-type': 'text/plain' } },
    ],
    [
      'a form',
      415,
      /content-type/,
      { raw: 'port=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    ['too large', 413, /65536 bytes/, { raw: `${json}${' '.repeat(MAX_BODY_BYTES)}` }],
    ['10 MB', 413, /65536 bytes/, { raw: `{"host":"${'a'.repeat(10_000_000)}"}` }],
    ['10 MB of base64', 413, /65536 bytes/, { raw: base64('x'.repeat(10_000_000)), isBase64Encoded: true }],
    ['many bytes in few characters', 413, /65536 bytes/, { raw: `{"name":"${'☂'.repeat(30_000)}"}` }],
    ['not base64', 400, /base64/, { raw: '{"port":1}', isBase64Encoded: true }],
    ['not UTF-8', 400, /UTF-8/, { raw: base64(Buffer.from([0x7b, 0xff, 0x7d])), isBase64Encoded: true }],
    [
      'a key twice, the last one bad',
      400,
      /port/,
      { raw: '{"host":"a.example","port":1,"port":0,"handshake":"tcp"}' },
    ],
  ])('%s', async (_, status, detail, options) => {
    const refused = await api.call('PUT', '/endpoints/refused', undefined, options);
    expect(refused.status).toBe(status);
    expect(refused.body.detail).toMatch(detail);
    expect(JSON.stringify(refused.body).length).toBeLessThan(2000);
    expect(await getEndpoint(api.table, 'refused')).toBeNull();
    expect(await allCohorts(api.table)).toEqual([]);
    expect(await api.nudges()).toEqual([]);
    expect(await api.asked('eu-west-1')).toEqual([]);
  });

  test.each<[object, string]>([
    [{ ...least, prot: 1 }, '#/prot'],
    [{ ...least, port: 0 }, '#/port'],
    [{ ...least, port: 70_000 }, '#/port'],
    [{ ...least, port: 25 }, '#/port'],
    [{ ...least, host: 'https://shop.example.com' }, '#/host'],
    [{ ...least, host: 'shop.example.com/cart' }, '#/host'],
    [{ ...least, host: '192.168.1.1' }, '#/host'],
    [{ ...least, host: '2606:4700:4700::1111' }, '#/host'],
    [{ ...least, intervalSeconds: 7 }, '#/intervalSeconds'],
    [JSON.parse(`{"host":"a.example","port":1,"handshake":"tcp","__proto__":{"team":"x"}}`), '#/__proto__'],
  ])('%j', async (body, pointer) => {
    const refused = await api.call('PUT', '/endpoints/refused', body);
    expect(refused).toMatchObject({ status: 400, body: { title: 'Bad Request', errors: [{ pointer }] } });
    expect(refused.body.detail).toBe(refused.body.errors[0].message);
    expect(await allCohorts(api.table)).toEqual([]);
  });
});

describe('ids', () => {
  test.each([
    'Shop',
    'a--',
    '-a',
    'a_b',
    'a'.repeat(64),
    '%00',
    '%2e%2e',
    '%E0%A4%A',
    '%2F',
    'a%23b',
    'constructor%00',
  ])('%s cannot be made and is not found', async (id) => {
    expect(await api.call('PUT', `/endpoints/${id}`, least)).toMatchObject({
      status: 400,
      body: { errors: [{ parameter: 'id' }] },
    });
    expect((await api.call('GET', `/endpoints/${id}`)).status).toBe(404);
    expect((await api.call('GET', `/endpoints/${id}/status`)).status).toBe(404);
  });

  test('percent-encoding is undone', async () => {
    await api.call('PUT', '/endpoints/%65ncoded', least);
    expect((await api.call('GET', '/endpoints/encoded')).body.id).toBe('encoded');
    expect((await api.call('GET', '/endpoints/encoded/')).status).toBe(200);
  });

  test.each(['constructor', 'a', '0', 'a'.repeat(63)])('%s is one', async (id) => {
    expect((await api.call('PUT', `/endpoints/${id}`, least)).status).toBe(201);
  });
});

describe('routes', () => {
  test.each([
    ['GET', '/'],
    ['GET', '/endpoint'],
    ['GET', '/endpoints/a/b'],
    ['GET', '/openapiXjson'],
    ['GET', '//endpoints'],
    ['GET', '/endpoints/a/status/x'],
  ])('%s %s is not found', async (method, path) => {
    expect((await api.call(method, path)).status).toBe(404);
  });

  test.each([
    ['POST', '/endpoints', 'GET'],
    ['HEAD', '/status', 'GET'],
    ['POST', '/endpoints/a', 'GET, PUT, PATCH, DELETE'],
    ['GET', '/endpoints/a/mute', 'PUT, DELETE'],
    ['constructor', '/regions', 'GET'],
  ])('%s %s is not allowed', async (method, path, allow) => {
    expect(await api.call(method, path)).toMatchObject({ status: 405, headers: { allow } });
  });
});

describe('mute', () => {
  test('is shown, replaced, taken away, and nudges the judge each time', async () => {
    await api.call('PUT', '/endpoints/muted', least);
    await api.nudges();
    const until = future();
    const put = await api.call('PUT', '/endpoints/muted/mute', { until, note: 'deploy' });
    expect(put).toMatchObject({ status: 200, body: { until, note: 'deploy' } });
    expect((await api.call('GET', '/endpoints/muted/status')).body.mute).toEqual(put.body);
    const offset = until.replace(/T(\d\d)(.*)Z$/, (_, hour, rest) => `T${hour}${rest}+00:00`);
    expect((await api.call('PUT', '/endpoints/muted/mute', { until: offset })).body).toMatchObject({
      until,
      note: null,
    });
    expect((await api.call('DELETE', '/endpoints/muted/mute')).status).toBe(204);
    expect((await api.call('DELETE', '/endpoints/muted/mute')).status).toBe(204);
    expect((await api.call('GET', '/endpoints/muted/status')).body.mute).toBeNull();
    expect(await api.nudges()).toHaveLength(4);
  });

  test.each<[object, string]>([
    [{}, '#/until'],
    [{ until: null }, '#/until'],
    [{ until: 'tomorrow' }, '#/until'],
    [{ until: '2020-01-01T00:00:00Z' }, '#/until'],
    [{ until: '2099-01-01T00:00:00Z' }, '#/until'],
    [{ until: '2026-02-30T00:00:00Z' }, '#/until'],
    [{ until: '2099-01-01' }, '#/until'],
    [{ until: 1 }, '#/until'],
    [{ until: future(), note: '' }, '#/note'],
    [{ until: future(), note: 'x'.repeat(501) }, '#/note'],
    [{ until: future(), for: 1 }, '#/for'],
  ])('refuses %j', async (body, pointer) => {
    await api.call('PUT', '/endpoints/loud', least);
    const refused = await api.call('PUT', '/endpoints/loud/mute', body);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    expect((await api.call('GET', '/endpoints/loud/status')).body.mute).toBeNull();
  });
});

test('what fails here is 500 with the request id, logged once, and gives nothing away', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const send = vi.spyOn(Object.getPrototypeOf(api.table.documents), 'send').mockImplementation(async () => {
    throw new Error('the secret inner reason');
  });
  const failed = await api.call('GET', '/regions');
  expect(failed).toMatchObject({
    status: 500,
    body: { requestId: 'request-1', title: 'Internal Server Error' },
  });
  expect(JSON.stringify(failed.body)).not.toMatch(/secret|\.ts/);
  expect(log).toHaveBeenCalledTimes(1);
  expect(log.mock.calls[0]?.[0]).toMatch(/secret inner reason/);
  log.mockRestore();
  send.mockRestore();
});

test('queues that cannot be reached do not make a stored change look failed', async () => {
  const log = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  const send = vi.spyOn(SQSClient.prototype, 'send').mockImplementation(async () => {
    throw new Error('no queue');
  });
  expect((await api.call('PUT', '/endpoints/untold', least)).status).toBe(201);
  expect(log).toHaveBeenCalledTimes(4);
  log.mockRestore();
  send.mockRestore();
});

test('the JSON Schema of alerts is served as it is published', async () => {
  const published = readFileSync(new URL('../../docs/alert.schema.json', import.meta.url), 'utf8');
  const { status, headers, body } = await api.call('GET', '/alert.schema.json');
  expect([status, headers['content-type']]).toEqual([200, 'application/json']);
  expect(body).toEqual(JSON.parse(published));
  expect(await api.call('GET', '/alert.schema.json?x=1')).toMatchObject({ status: 400 });
});
