import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getEndpoint, removeEndpoint } from '../../lib/store/endpoint.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

const least = { host: 'shop.example.com', port: 443, handshake: 'http2' };

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ allowPrivateAddresses: false, ipv6: false });
});
afterAll(() => api.close());

let made = 0;
const fresh = (): string => `e${++made}`;

describe('preconditions', () => {
  test('If-Match that is stale changes nothing', async () => {
    const id = fresh();
    await api.call('PUT', `/endpoints/${id}`, least);
    const first = await api.call(
      'PATCH',
      `/endpoints/${id}`,
      { port: 444 },
      { headers: { 'if-match': '"1"' } },
    );
    expect(first).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    for (const [method, body] of [
      ['PUT', least],
      ['PATCH', { port: 445 }],
      ['DELETE', undefined],
    ] as const) {
      const stale = await api.call(method, `/endpoints/${id}`, body, { headers: { 'If-Match': '"1"' } });
      expect(stale).toMatchObject({ status: 412, body: { errors: [{ parameter: 'if-match' }] } });
    }
    expect((await api.call('GET', `/endpoints/${id}`)).body).toEqual(first.body);
  });

  test('weak, listed, starred and malformed tags', async () => {
    const id = fresh();
    await api.call('PUT', `/endpoints/${id}`, least);
    const patch = async (value: string) =>
      (await api.call('PATCH', `/endpoints/${id}`, {}, { headers: { 'if-match': value } })).status;
    expect(await patch('*')).toBe(200);
    expect(await patch('"7", "1"')).toBe(200);
    expect(await patch('W/"1"')).toBe(412);
    expect(await patch('1')).toBe(400);
    expect(await patch('')).toBe(400);
  });

  test('If-None-Match: * creates and never replaces; If-Match never creates', async () => {
    const id = fresh();
    const never = await api.call('PUT', `/endpoints/${id}`, least, { headers: { 'if-match': '*' } });
    expect(never.status).toBe(412);
    expect(await getEndpoint(api.table, id)).toBeNull();
    const headers = { 'if-none-match': '*' };
    expect((await api.call('PUT', `/endpoints/${id}`, least, { headers })).status).toBe(201);
    expect((await api.call('PUT', `/endpoints/${id}`, { ...least, port: 1 }, { headers })).status).toBe(412);
    expect((await getEndpoint(api.table, id))?.port).toBe(443);
  });
});

describe('PATCH', () => {
  test('changes what it names; null takes away', async () => {
    const id = fresh();
    const given = { ...least, team: 'web', runbookUrl: 'https://x.example/', serverName: 'sni.example.com' };
    await api.call('PUT', `/endpoints/${id}`, given);
    const patch = { team: null, runbookUrl: null, serverName: null, tags: ['x'] };
    const headers = { 'content-type': 'application/merge-patch+json; charset=utf-8' };
    const { status, body } = await api.call('PATCH', `/endpoints/${id}`, patch, { headers });
    expect(status).toBe(200);
    expect(body).toMatchObject({ tags: ['x'], serverName: 'shop.example.com', port: 443 });
    expect(body).not.toHaveProperty('team');
    expect(body).not.toHaveProperty('runbookUrl');
  });

  test('what followed from the host follows the new one', async () => {
    const id = fresh();
    await api.call('PUT', `/endpoints/${id}`, least);
    const { body } = await api.call('PATCH', `/endpoints/${id}`, { host: 'new.example.com' });
    expect(body.serverName).toBe('new.example.com');
    const given = await api.call('PATCH', `/endpoints/${id}`, {
      host: '8.8.8.8',
      serverName: 'sni.example.com',
    });
    expect(given.body.serverName).toBe('sni.example.com');
    const kept = await api.call('PATCH', `/endpoints/${id}`, { host: '8.8.4.4' });
    expect(kept.body.serverName).toBe('sni.example.com');
  });

  test.each([
    [{ port: null }, '#/port'],
    [{ name: null }, '#/name'],
    [{ regions: ['nowhere'] }, '#/regions/0'],
    [{ revision: 7 }, '#/revision'],
    [JSON.parse('{"__proto__": {"port": 1}}'), '#/__proto__'],
  ])('refuses %j and changes nothing', async (patch, pointer) => {
    const id = fresh();
    const before = await api.call('PUT', `/endpoints/${id}`, least);
    const refused = await api.call('PATCH', `/endpoints/${id}`, patch);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    expect((await api.call('GET', `/endpoints/${id}`)).body).toEqual(before.body);
  });

  test('of nothing', async () => {
    expect((await api.call('PATCH', '/endpoints/nothing', { port: 1 })).status).toBe(404);
  });
});

describe('DELETE', () => {
  test('is invisible at once, and its id is free once the judge has removed it', async () => {
    const id = fresh();
    await api.call('PUT', `/endpoints/${id}`, least);
    await api.nudges();
    const gone = await api.call('DELETE', `/endpoints/${id}`);
    expect(gone).toMatchObject({ status: 202, body: { id } });
    const stored = await getEndpoint(api.table, id);
    expect(stored?.deletedAt).toBe(gone.body.deletedAt);
    expect(await api.nudges()).toEqual([{ v: 1, kind: 'news', cohort: stored?.cohort, rounds: [] }]);
    for (const [method, path, body] of [
      ['GET', ''],
      ['GET', '/status'],
      ['GET', '/timings'],
      ['GET', '/incidents'],
      ['DELETE', ''],
      ['PATCH', '', { port: 1 }],
      ['PUT', '/mute', { until: new Date(Date.now() + 60_000).toISOString() }],
      ['DELETE', '/mute'],
    ] as const) {
      expect((await api.call(method, `/endpoints/${id}${path}`, body)).status).toBe(404);
    }
    expect(
      (await api.call('GET', '/endpoints?limit=500')).body.items.map((e: { id: string }) => e.id),
    ).not.toContain(id);
    const soon = await api.call('PUT', `/endpoints/${id}`, least);
    expect(soon).toMatchObject({ status: 409, headers: { 'retry-after': '5' } });
    expect(await api.nudges()).toHaveLength(1);
    await removeEndpoint(api.table, id);
    expect((await api.call('PUT', `/endpoints/${id}`, least)).status).toBe(201);
  });
});
