import { afterAll, beforeAll, expect, test } from 'vitest';
import { acknowledgementsOf } from '../../lib/store/acknowledgement.ts';
import { saveState } from '../../lib/store/state.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { incidentOf, register, stateOf } from '../support/stored.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

test('an open incident is acknowledged by somebody, until a time, with a note; and taken back', async () => {
  const endpoint = await register(api, 'shop');
  const openedAt = Date.now() - 60_000;
  await saveState(
    api.table,
    stateOf(endpoint, { ...incidentOf('shop-1', openedAt), endedAt: null, end: null }),
  );
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const answer = await api.call('PUT', '/endpoints/shop/acknowledgement', {
    by: 'ada',
    note: 'on it',
    until,
  });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ incident: 'shop-1', by: 'ada', note: 'on it', until });
  const kept = (await acknowledgementsOf(api.table, ['shop'])).get('shop');
  expect(kept).toEqual({
    by: 'ada',
    note: 'on it',
    at: Date.parse(answer.body.at),
    until: Date.parse(until),
  });
  expect((await api.call('DELETE', '/endpoints/shop/acknowledgement')).status).toBe(204);
  expect((await acknowledgementsOf(api.table, ['shop'])).size).toBe(0);
});

test('says what is wrong in one line', async () => {
  await register(api, 'calm');
  const put = (body: object, id = 'calm') => api.call('PUT', `/endpoints/${id}/acknowledgement`, body);
  expect(await put({ by: 'ada' })).toMatchObject({
    status: 409,
    body: { detail: 'endpoint calm has no open incident: there is nothing to acknowledge' },
  });
  expect((await put({ by: 'ada' }, 'nobody')).status).toBe(404);
  for (const [body, pointer] of [
    [{}, '#/by'],
    [{ by: '' }, '#/by'],
    [{ by: 'a\nb' }, '#/by'],
    [{ by: 'ada', until: 'tomorrow' }, '#/until'],
    [{ by: 'ada', until: '2020-01-01T00:00:00Z' }, '#/until'],
    [{ by: 'ada', who: 'bob' }, '#/who'],
  ] as const) {
    const { status, body: problem } = await put(body);
    expect([status, problem.errors[0].pointer]).toEqual([400, pointer]);
  }
});
