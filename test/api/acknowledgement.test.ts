import { afterAll, beforeAll, expect, test } from 'vitest';
import { acknowledgementsOf, acknowledgementsOfOthers } from '../../lib/store/acknowledgement.ts';
import { putMembers } from '../../lib/store/cause.ts';
import { saveGroup } from '../../lib/store/group.ts';
import { saveState } from '../../lib/store/state.ts';
import { saveWatch } from '../../lib/store/watch.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { GroupLife, member, REGION_CAUSE } from '../support/groups.ts';
import { incidentOf, register, stateOf } from '../support/stored.ts';
import { watchIncidentOf, watchStateOf } from '../support/watch.ts';

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

const open = { endedAt: null, end: null } as const;
const kept = async (what: string) => (await acknowledgementsOfOthers(api.table, [what])).get(what);

test('whatever is open is acknowledged by the dedupKey of its alerts: an endpoint', async () => {
  const endpoint = await register(api, 'keyed');
  await saveState(api.table, stateOf(endpoint, incidentOf('keyed-mi6w', Date.now() - 60_000, open)));
  const path = '/incidents/keyed-mi6w/acknowledgement';
  expect(await api.call('PUT', path, { by: 'ada' })).toMatchObject({
    status: 200,
    body: { incident: 'keyed-mi6w' },
  });
  expect((await acknowledgementsOf(api.table, ['keyed'])).get('keyed')?.by).toBe('ada');
  expect((await api.call('DELETE', path)).status).toBe(204);
  expect((await acknowledgementsOf(api.table, ['keyed'])).size).toBe(0);
});

test('a group: all that it tells at once, by its own key or through any of its endpoints', async () => {
  const endpoint = await register(api, 'shop-1');
  const life = new GroupLife().judge(
    0,
    [0, 1, 2, 3, 4].map((n) => member(n)),
  );
  const key = life.state.incident?.id ?? '';
  await saveGroup(api.table, { ...life.state, outbox: [], version: 1 });
  for (const cohort of [endpoint.cohort, '60-7']) {
    await putMembers(api.table, REGION_CAUSE, cohort, {
      members: [member(1)],
      example: life.told[0]?.example as never,
    });
  }
  const incident = incidentOf('shop-1-mi6w', Date.now() - 60_000, { ...open, grouped: REGION_CAUSE });
  await saveState(api.table, stateOf(endpoint, incident));
  for (const path of [`/incidents/${key}/acknowledgement`, '/endpoints/shop-1/acknowledgement']) {
    await api.nudges();
    expect((await api.call('PUT', path, { by: 'ada', note: 'the firewall' })).status).toBe(200);
    expect(await kept(REGION_CAUSE)).toMatchObject({ by: 'ada', note: 'the firewall' });
    expect((await api.nudges()).map((nudge) => JSON.stringify(nudge)).sort()).toEqual([
      expect.stringContaining('"group"'),
      ...[endpoint.cohort, '60-7'].sort().map((cohort) => expect.stringContaining(`"${cohort}"`)),
    ]);
    expect((await api.call('DELETE', path)).status).toBe(204);
    expect(await kept(REGION_CAUSE)).toBeUndefined();
  }
});

test('the watching', async () => {
  const incident = watchIncidentOf('eu-west-1', Date.now() - 60_000);
  await saveWatch(api.table, watchStateOf(incident));
  await api.nudges();
  const path = `/incidents/${incident.id}/acknowledgement`;
  expect((await api.call('PUT', path, { by: 'ada' })).status).toBe(200);
  expect(await kept(incident.id)).toMatchObject({ by: 'ada' });
  expect(await api.nudges()).toMatchObject([{ kind: 'watch' }]);
  expect((await api.call('DELETE', path)).status).toBe(204);
  expect(await kept(incident.id)).toBeUndefined();
});

test.each(['nothing-1', 'group.x.y', '%2E%2E'])('there is nothing open that is called %s', async (key) => {
  const { status, body } = await api.call('PUT', `/incidents/${key}/acknowledgement`, { by: 'ada' });
  expect([status, body.detail]).toEqual([
    404,
    expect.stringMatching(/^there is no open incident .*see GET \/incidents$/),
  ]);
});
