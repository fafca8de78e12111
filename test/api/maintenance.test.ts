import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  MAX_PLANS,
  putMaintenance,
  putTagMute,
  quietPlans,
  removeMaintenance,
  removeTagMute,
} from '../../lib/store/quiet.ts';
import { saveState } from '../../lib/store/state.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { incidentOf, putRounds, register, stateOf } from '../support/stored.ts';

let api: TestApi;
let cohorts: Readonly<Record<string, string>>;
const MINUTE_MS = 60_000;
const future = (minutes: number): string => new Date(Date.now() + minutes * MINUTE_MS).toISOString();
const nightly = { cron: '0 2 * * *', timeZone: 'Asia/Kolkata', durationMinutes: 90 };
const now = () => ({ from: future(-30), until: future(30) });

beforeAll(async () => {
  api = await startTestApi();
  const web = await register(api, 'web', { tags: ['web'], intervalSeconds: 10 });
  const shop = await register(api, 'shop', { tags: ['web', 'eu'], intervalSeconds: 20 });
  const calm = await register(api, 'calm', { tags: ['web'], intervalSeconds: 30 });
  const other = await register(api, 'other', { intervalSeconds: 60 });
  cohorts = { web: web.cohort, shop: shop.cohort, calm: calm.cohort, other: other.cohort };
  for (const endpoint of [web, shop, other]) {
    const open = incidentOf(`${endpoint.id}-0`, Date.now(), { endedAt: null, end: null, toldAt: null });
    await saveState(api.table, stateOf(endpoint, open));
  }
});
afterAll(() => api.close());
beforeEach(async () => {
  const { tagMutes, maintenances } = await quietPlans(api.table);
  for (const { tag } of tagMutes) await removeTagMute(api.table, tag);
  for (const { id } of maintenances) await removeMaintenance(api.table, id);
  await api.nudges();
});

const nudged = async () =>
  (await api.nudges()).map((message) => (message as { readonly cohort: string }).cohort).sort();
const quietOf = async (id: string) => (await api.call('GET', `/endpoints/${id}/status`)).body.quiet;

describe('maintenance', () => {
  test('is planned, answered with its next three windows, listed, replaced and taken away', async () => {
    const said = { note: 'backups', by: 'ada', endpoints: { tags: ['web'] }, schedule: nightly };
    const put = await api.call('PUT', '/maintenance/nightly', said);
    expect(put).toMatchObject({ status: 201, headers: { location: '/maintenance/nightly' } });
    expect(put.body).toMatchObject({ ...said, id: 'nightly' });
    const { windows } = put.body as { windows: { from: string; until: string }[] };
    expect(windows).toHaveLength(3);
    for (const { from, until } of windows) {
      expect(Date.parse(until) - Date.parse(from)).toBe(90 * MINUTE_MS);
      const wall = new Date(from).toLocaleTimeString('en-GB', { timeZone: nightly.timeZone });
      expect(wall).toBe('02:00:00');
    }
    expect((await api.call('GET', '/maintenance/nightly')).body).toEqual(put.body);
    expect((await api.call('GET', '/maintenance')).body).toEqual({ items: [put.body], next: null });
    const once = await api.call('PUT', '/maintenance/nightly', { endpoints: 'all', schedule: now() });
    expect(once).toMatchObject({ status: 200, body: { note: null, by: null } });
    expect(once.body.windows).toEqual([once.body.schedule]);
    expect((await api.call('DELETE', '/maintenance/nightly')).status).toBe(204);
    expect((await api.call('DELETE', '/maintenance/nightly')).status).toBe(404);
    expect((await api.call('GET', '/maintenance/nightly')).status).toBe(404);
    expect((await api.call('GET', '/maintenance/Nightly!')).status).toBe(404);
  });

  test('nudges the judge for what is open of those whom it concerned or concerns', async () => {
    await api.call('PUT', '/maintenance/m', { endpoints: { tags: ['web'] }, schedule: nightly });
    expect(await nudged()).toEqual([cohorts.web, cohorts.shop].sort());
    await api.call('PUT', '/maintenance/m', { endpoints: { ids: ['other'] }, schedule: nightly });
    expect(await nudged()).toEqual([cohorts.web, cohorts.shop, cohorts.other].sort());
    await api.call('DELETE', '/maintenance/m');
    expect(await nudged()).toEqual([cohorts.other]);
  });

  test.each<[object, string]>([
    [{ endpoints: 'all' }, '#/schedule'],
    [{ schedule: nightly }, '#/endpoints'],
    [{ endpoints: { ids: ['shop', 'shpo'] }, schedule: nightly }, '#/endpoints/ids/1'],
    [{ endpoints: 'all', schedule: { ...nightly, cron: '0 0 30 2 *' } }, '#/schedule/cron'],
    [{ endpoints: 'all', schedule: { ...nightly, timeZone: 'Berlin' } }, '#/schedule/timeZone'],
    [{ endpoints: 'all', schedule: { ...nightly, durationMinutes: 1500 } }, '#/schedule/durationMinutes'],
  ])('%j is refused and changes nothing', async (body, pointer) => {
    const refused = await api.call('PUT', '/maintenance/refused', body);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    expect((await quietPlans(api.table)).maintenances).toEqual([]);
    expect(await api.nudges()).toEqual([]);
  });

  test.each<[string, object, readonly string[]]>([
    [
      '/maintenance/refused',
      { by: '', endpoints: { ids: ['shpo'] }, schedule: { from: future(5), until: future(1) } },
      ['#/by', '#/schedule/until', '#/endpoints/ids/0'],
    ],
    ['/endpoints/shop/mute', { nte: 'x', until: future(-5) }, ['#/nte', '#/until']],
    ['/endpoints/shop/acknowledgement', { until: '2020-01-01T00:00:00Z' }, ['#/by', '#/until']],
    ['/endpoints/shop/acknowledgement', { until: 'noon' }, ['#/by', '#/until']],
  ])('PUT %s %j says at once all that is wrong', async (path, body, pointers) => {
    const { body: problem } = await api.call('PUT', path, body);
    expect(problem.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
  });

  test('has a bound: no more can be planned, and one that is there can be replaced', async () => {
    const one = { note: null, by: null, endpoints: 'all', schedule: nightly, at: future(0) } as const;
    for (let n = 0; n < MAX_PLANS; n += 1) await putMaintenance(api.table, { ...one, id: `m${n}` });
    const body = { endpoints: 'all', schedule: nightly };
    expect((await api.call('PUT', '/maintenance/more', body)).status).toBe(409);
    expect((await api.call('PUT', '/maintenance/m7', body)).status).toBe(200);
    expect((await api.call('GET', '/maintenance')).body.items).toHaveLength(MAX_PLANS);
  });
});

describe('mutes of tags', () => {
  test('are put, listed with those of endpoints, and taken away; the judge is nudged for what is open', async () => {
    const [soon, late] = [future(10), future(60)];
    const put = await api.call('PUT', '/mutes/tags/eu', { until: late, note: 'deploy' });
    expect(put).toMatchObject({
      status: 200,
      body: { endpoint: null, tag: 'eu', until: late, note: 'deploy' },
    });
    expect(await nudged()).toEqual([cohorts.shop]);
    await api.call('PUT', '/endpoints/calm/mute', { until: soon });
    const { body } = await api.call('GET', '/mutes');
    expect(body).toMatchObject({
      items: [{ endpoint: 'calm', tag: null, until: soon }, put.body],
      next: null,
    });
    await api.nudges();
    expect((await api.call('DELETE', '/mutes/tags/eu')).status).toBe(204);
    expect(await nudged()).toEqual([cohorts.shop]);
    await api.call('DELETE', '/endpoints/calm/mute');
    expect((await api.call('GET', '/mutes')).body.items).toEqual([]);
    expect((await api.call('DELETE', '/mutes/tags/eu')).status).toBe(204);
  });

  test('may be of any tag that an endpoint can have', async () => {
    const tag = 'Größe: 100 + ☂ &c; {x}';
    const { body } = await api.call('PUT', `/mutes/tags/${encodeURIComponent(tag)}`, { until: future(5) });
    expect(body.tag).toBe(tag);
    expect((await api.call('GET', '/mutes')).body.items).toMatchObject([{ tag }]);
  });

  test.each<[string, object, object]>([
    ['eu', { until: future(-1) }, { pointer: '#/until' }],
    ['eu', { until: future(5), tag: 'eu' }, { pointer: '#/tag' }],
    ['a%0Ab', { until: future(5) }, { parameter: 'tag' }],
    ['a%2Fb', { until: future(5) }, { parameter: 'tag' }],
    ['100%25', { until: future(5) }, { parameter: 'tag' }],
    ['a'.repeat(65), { until: future(5) }, { parameter: 'tag' }],
  ])('%s %j is refused', async (tag, body, error) => {
    const refused = await api.call('PUT', `/mutes/tags/${tag}`, body);
    expect(refused).toMatchObject({ status: 400, body: { errors: [error] } });
  });

  test('have a bound', async () => {
    for (let n = 0; n < MAX_PLANS; n += 1) {
      await putTagMute(api.table, { tag: `t${n}`, until: future(5), note: null, at: future(0) });
    }
    expect((await api.call('PUT', '/mutes/tags/more', { until: future(5) })).status).toBe(409);
    expect((await api.call('PUT', '/mutes/tags/t7', { until: future(9) })).status).toBe(200);
  });
});

describe('what is quiet is shown', () => {
  test('with its reason, beside the mute of the endpoint itself', async () => {
    expect(await quietOf('shop')).toBeNull();
    const until = future(20);
    await api.call('PUT', '/mutes/tags/eu', { until, note: 'deploy' });
    expect(await quietOf('shop')).toEqual({ reason: 'tag_mute', id: 'eu', until, note: 'deploy' });
    expect(await quietOf('web')).toBeNull();
    const schedule = now();
    await api.call('PUT', '/maintenance/work', { endpoints: { tags: ['web'] }, schedule, note: 'new disks' });
    const maintenance = { reason: 'maintenance', id: 'work', until: schedule.until, note: 'new disks' };
    expect(await quietOf('shop')).toEqual(maintenance);
    const { items } = (await api.call('GET', '/status')).body;
    expect(items.map((one: { quiet: unknown }) => one.quiet)).toEqual([
      maintenance,
      maintenance,
      maintenance,
      null,
    ]);
    const longer = future(45);
    await api.call('PUT', '/endpoints/shop/mute', { until: longer });
    const { mute, quiet } = (await api.call('GET', '/endpoints/shop/status')).body;
    expect(mute).toMatchObject({ until: longer });
    expect(quiet).toEqual({ reason: 'mute', id: 'shop', until: longer, note: null });
    await api.call('DELETE', '/endpoints/shop/mute');
  });

  test('in the timings that were taken in a window', async () => {
    const endpoint = await register(api, 'timed', { tags: ['timed'] });
    const times = [40, 31, 29, 10, 1].map((minutes) => Date.now() - minutes * MINUTE_MS);
    await putRounds(api, endpoint, 'eu-west-1', times);
    const marks = async () => {
      const { items } = (await api.call('GET', '/endpoints/timed/timings?region=eu-west-1')).body;
      return items.map(({ maintenance }: { maintenance: boolean }) => maintenance);
    };
    expect(await marks()).toEqual([false, false, false, false, false]);
    const schedule = { from: future(-30), until: future(-5) };
    const work = { id: 'work', note: null, by: null, schedule, at: future(-60) };
    await putMaintenance(api.table, { ...work, endpoints: { tags: ['other'] } });
    expect(await marks()).toEqual([false, false, false, false, false]);
    await putMaintenance(api.table, { ...work, endpoints: { tags: ['timed'] } });
    expect(await marks()).toEqual([false, false, true, true, false]);
  });
});
