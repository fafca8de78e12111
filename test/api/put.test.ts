import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { COHORT_SIZE } from '../../lib/endpoint/cohort.ts';
import { tagOf } from '../../lib/endpoint/tag.ts';
import { claimPlace, getCohort } from '../../lib/store/cohort.ts';
import { allCohorts } from '../../lib/store/cohorts.ts';
import { getEndpoint } from '../../lib/store/endpoint.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

const least = { host: 'shop.example.com', port: 443, handshake: 'http2' };
const regions = ['eu-west-1', 'us-east-1', 'ap-southeast-2'];

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ allowPrivateAddresses: false, ipv6: false });
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.nudges();
  for (const region of regions) await api.asked(region);
});

let made = 0;
const fresh = (): string => `e${++made}`;

/** The places of an endpoint: exactly one, and it is where the endpoint says. */
async function placesOf(id: string): Promise<readonly string[]> {
  const endpoint = await getEndpoint(api.table, id);
  if (!endpoint) return [];
  const items = await Promise.all(
    (await allCohorts(api.table)).map(({ cohort }) => getCohort(api.table, cohort)),
  );
  return items.flatMap((item) => (item?.members.has(tagOf(endpoint)) ? [item.cohort] : []));
}

const membersOf = async (): Promise<number> =>
  (await allCohorts(api.table)).reduce((sum, { places }) => sum + places, 0);

describe('PUT', () => {
  test('creates with every default, claims a place, nudges the judge and asks every region', async () => {
    const id = fresh();
    const before = await membersOf();
    const put = await api.call('PUT', `/endpoints/${id}`, least);
    expect(put).toMatchObject({ status: 201, headers: { etag: '"1"', location: `/endpoints/${id}` } });
    expect(put.body).toEqual({
      ...least,
      id,
      name: id,
      intervalSeconds: 60,
      alertAfterSeconds: 30,
      regions: 'all',
      addressFamily: 'ipv4',
      serverName: least.host,
      certificate: 'verify',
      tags: [],
      enabled: true,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: put.body.createdAt,
      watchedSince: put.body.createdAt,
      revision: 1,
    });
    expect(await api.call('GET', `/endpoints/${id}`)).toMatchObject({ status: 200, body: put.body });
    const [cohort = ''] = await placesOf(id);
    expect(cohort).toMatch(/^60-\d+$/);
    expect(await membersOf()).toBe(before + 1);
    expect(await api.nudges()).toEqual([{ v: 1, kind: 'news', cohort, rounds: [] }]);
    const stored = await getEndpoint(api.table, id);
    const tag = stored && tagOf(stored);
    for (const region of regions) {
      expect(await api.asked(region)).toEqual([
        {
          v: 1,
          kind: 'confirm',
          cohort,
          due: expect.any(Number),
          suspicion: expect.stringMatching(/^api-[0-9a-f-]{36}$/),
          tries: [{ id, tag, address: null }],
        },
      ]);
    }
  });

  test('the same again changes nothing and tells nobody', async () => {
    const id = fresh();
    const first = await api.call('PUT', `/endpoints/${id}`, { ...least, tags: ['a'] });
    await api.nudges();
    await api.asked('eu-west-1');
    const again = await api.call('PUT', `/endpoints/${id}`, {
      tags: ['a', 'a'],
      ...least,
      host: 'SHOP.example.com.',
    });
    expect(again).toMatchObject({ status: 200, headers: { etag: '"1"' }, body: first.body });
    expect(await api.nudges()).toEqual([]);
    expect(await api.asked('eu-west-1')).toEqual([]);
  });

  test('replaces as a whole: what is left out is default again', async () => {
    const id = fresh();
    const first = await api.call('PUT', `/endpoints/${id}`, {
      ...least,
      team: 'web',
      tags: ['a'],
      name: 'Shop',
    });
    await api.asked('eu-west-1');
    const put = await api.call('PUT', `/endpoints/${id}`, least);
    expect(put).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { name: id, tags: [], revision: 2 },
    });
    expect(put.body).not.toHaveProperty('team');
    expect(put.body.createdAt).toBe(first.body.createdAt);
    expect(put.body.watchedSince).toBe(first.body.watchedSince);
    expect(await api.asked('eu-west-1')).toEqual([]);
  });

  test.each([
    ['host', { host: 'other.example.com' }],
    ['port', { port: 8443 }],
    ['handshake', { handshake: 'tcp' }],
    ['server name', { serverName: 'x.example.com' }],
    ['certificate', { certificate: 'ignore' }],
    ['interval', { intervalSeconds: 10 }],
    ['regions', { regions: ['us-east-1'] }],
  ])('another %s is watched anew, with one place and no other', async (_, change) => {
    const id = fresh();
    const first = await api.call('PUT', `/endpoints/${id}`, least);
    const [old = ''] = await placesOf(id);
    const before = await membersOf();
    const plan = (await getCohort(api.table, old))?.plan ?? 0;
    for (const region of regions) await api.asked(region);
    await api.nudges();
    const put = await api.call('PUT', `/endpoints/${id}`, { ...least, ...change });
    expect(put.status).toBe(200);
    expect(put.body.watchedSince >= first.body.watchedSince).toBe(true);
    expect(put.body.watchedSince).toBe(put.body.updatedAt);
    const [cohort = '', ...others] = await placesOf(id);
    expect(cohort.split('-')[0]).toBe(String(put.body.intervalSeconds));
    expect(others).toEqual([]);
    expect(await membersOf()).toBe(before);
    expect((await getCohort(api.table, old))?.plan).toBeGreaterThan(plan);
    const nudged = (await api.nudges()).map((message) => (message as { cohort: string }).cohort);
    expect(nudged.sort()).toEqual([...new Set([old, cohort])].sort());
    expect(await api.asked('us-east-1')).toHaveLength(1);
    expect(await api.asked('eu-west-1')).toHaveLength(put.body.regions === 'all' ? 1 : 0);
  });

  test('a disabled one is not asked for', async () => {
    const id = fresh();
    await api.call('PUT', `/endpoints/${id}`, { ...least, enabled: false });
    expect(await api.asked('eu-west-1')).toEqual([]);
    await api.call('PATCH', `/endpoints/${id}`, { enabled: true });
    expect(await api.asked('eu-west-1')).toHaveLength(1);
  });

  test('twenty at once share cohorts, each with its place', async () => {
    const ids = Array.from({ length: 20 }, fresh);
    const statuses = await Promise.all(ids.map((id) => api.call('PUT', `/endpoints/${id}`, least)));
    expect(statuses.map(({ status }) => status)).toEqual(ids.map(() => 201));
    for (const id of ids) expect(await placesOf(id)).toHaveLength(1);
  });

  test('the same id by several at once: one is created, the places add up', async () => {
    const id = fresh();
    const before = await membersOf();
    const puts = await Promise.all(
      [443, 444, 445, 446].map((port) => api.call('PUT', `/endpoints/${id}`, { ...least, port })),
    );
    expect(puts.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(puts.every(({ status }) => [200, 201, 409].includes(status))).toBe(true);
    expect(await placesOf(id)).toHaveLength(1);
    expect(await membersOf()).toBe(before + 1);
  });

  test('a full cohort is passed over', async () => {
    for (let tag = 1; tag <= COHORT_SIZE; tag += 1) await claimPlace(api.table, '300-0', tag, Date.now());
    const id = fresh();
    await api.call('PUT', `/endpoints/${id}`, { ...least, intervalSeconds: 300 });
    expect(await placesOf(id)).toEqual(['300-1']);
  });
});
