import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putIncident } from '../../lib/store/incident.ts';
import { saveState } from '../../lib/store/state.ts';
import { putWatchIncident } from '../../lib/store/watch.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { incidentOf, register, stateOf } from '../support/stored.ts';

const DAY_MS = 86_400_000;
const NOW = Date.now();
const at = (daysAgo: number): number => NOW - daysAgo * DAY_MS;
const iso = (ms: number): string => new Date(ms).toISOString();
const FROM = `from=${iso(at(100))}`;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  const endpoint = await register(api, 'shop');
  await register(api, 'quiet');
  await putIncident(api.table, 'gone', incidentOf('gone-1', at(80), { team: 'web', kind: 'down' }));
  await putIncident(
    api.table,
    'shop',
    incidentOf('shop-1', at(50), { acknowledgedAt: at(50) + 20_000, endedAt: at(50) + 110_000 }),
  );
  await putIncident(
    api.table,
    'shop',
    incidentOf('shop-2', at(40), { toldAt: null, endedAt: at(40) + 10_000 }),
  );
  await putIncident(api.table, 'shop', incidentOf('shop-3', at(30), { end: 'no_data', endedAt: at(29) }));
  await putWatchIncident(api.table, {
    id: 'region.eu-west-1-x',
    subject: 'region.eu-west-1',
    finding: { kind: 'region_silent', region: 'eu-west-1', since: at(20) - 240_000 },
    severity: 'P3',
    since: at(20) - 240_000,
    openedAt: at(20),
    sequence: 2,
    toldAt: at(20),
    acknowledged: null,
    acknowledgedAt: null,
    endedAt: at(20) + 60_000,
    end: 'recovered',
  });
  const open = { endedAt: null, end: null } as const;
  await putIncident(api.table, 'shop', incidentOf('shop-4', at(0) - 60_000, open));
  await saveState(
    api.table,
    stateOf(endpoint, incidentOf('shop-4', at(0) - 60_000, { ...open, severity: 'P1' })),
  );
});
afterAll(() => api.close());

const ids = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id);

async function all(query: string): Promise<string[]> {
  const seen: string[] = [];
  let next: string | null = null;
  do {
    const { body } = await api.call('GET', `/incidents?${query}${next ? `&next=${next}` : ''}`);
    seen.push(...ids(body.items));
    next = body.next;
  } while (next);
  return seen;
}

describe('history of all', () => {
  test('newest first, ended or open, also of endpoints that are gone and of regions; page by page', async () => {
    const everything = ['shop-4', 'region.eu-west-1-x', 'shop-3', 'shop-2', 'shop-1', 'gone-1'];
    expect(await all(FROM)).toEqual(everything);
    expect(await all(`${FROM}&limit=1`)).toEqual(everything);
    expect(await all(`${FROM}&limit=2`)).toEqual(everything);
    expect(await all(`from=${iso(at(50))}&to=${iso(at(30))}`)).toEqual(['shop-2', 'shop-1']);
  });

  test('only of a team, an endpoint, a kind', async () => {
    expect(await all(`${FROM}&team=web`)).toEqual(['gone-1']);
    expect(await all(`${FROM}&endpoint=shop&limit=1`)).toEqual(['shop-4', 'shop-3', 'shop-2', 'shop-1']);
    expect(await all(`${FROM}&kind=down`)).toEqual(['gone-1']);
    expect(await all(`${FROM}&kind=region_silent`)).toEqual(['region.eu-west-1-x']);
    expect(await all(`${FROM}&endpoint=quiet`)).toEqual([]);
    expect(await all(`${FROM}&endpoint=gone`)).toEqual(['gone-1']);
  });

  test('what is open is as the judge knows it, and each says how long it took', async () => {
    const { items } = (await api.call('GET', `/incidents?${FROM}`)).body;
    expect(items[0]).toMatchObject({ id: 'shop-4', severity: 'P1', endedAt: null, timeToResolveMs: null });
    expect(items[4]).toMatchObject({
      id: 'shop-1',
      timeToConfirmMs: 10_000,
      timeToTellMs: 10_000,
      timeToAcknowledgeMs: 30_000,
      timeToResolveMs: 120_000,
    });
  });

  test('without a time it is what is open now, and the filters hold there too', async () => {
    expect(await all('limit=5')).toEqual(['shop-4']);
    expect(await all('kind=down')).toEqual([]);
    expect(await all('endpoint=shop')).toEqual(['shop-4']);
  });

  test('of an endpoint that there is not, and of which nothing is remembered, nothing can be said', async () => {
    const answered = async (target: string) => {
      const { status, body } = await api.call('GET', target);
      return status === 200 ? 200 : [status, body.detail, body.errors?.[0]?.parameter];
    };
    const missing = (id: string) => [404, `there is no endpoint "${id}": see GET /endpoints`, 'endpoint'];
    for (const asked of ['/incidents?', `/incidents?${FROM}&`, `/incidents/summary?${FROM}&`]) {
      expect(await answered(`${asked}endpoint=nothing`)).toEqual(missing('nothing'));
      expect(await answered(`${asked}endpoint=No%2F`)).toEqual(missing('No/'));
      expect(await answered(`${asked}endpoint=quiet`)).toBe(200);
    }
    expect(await answered('/incidents?endpoint=gone')).toEqual(missing('gone'));
    expect(await answered(`/incidents/summary?${FROM}&endpoint=gone`)).toBe(200);
  });

  test.each([
    ['to without from', `to=${iso(NOW)}`, 'from'],
    ['from after to', `from=${iso(NOW)}&to=${iso(at(1))}`, 'from'],
    ['more than a year', `from=${iso(at(400))}`, 'from'],
    ['no time', 'from=yesterday', 'from'],
    ['no kind', `${FROM}&kind=broken`, 'kind'],
    ['the cursor of another list', `${FROM}&next=WzEsImluY2lkZW50cyIsIjEvc2hvcCJd`, 'next'],
    ['something unknown', `${FROM}&regions=x`, 'regions'],
  ])('%s is refused', async (_, query, parameter) => {
    const { status, body } = await api.call('GET', `/incidents?${query}`);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ parameter }]);
  });
});

describe('summary', () => {
  test('counts, and means and medians of what there is', async () => {
    const { body } = await api.call('GET', `/incidents/summary?${FROM}&to=${iso(NOW)}`);
    expect(body).toEqual({
      from: iso(at(100)),
      to: iso(NOW),
      incidents: 5,
      open: 1,
      untold: 1,
      complete: true,
      timeToConfirm: { count: 5, meanMs: 10_000, medianMs: 10_000 },
      timeToTell: { count: 4, meanMs: 10_000, medianMs: 10_000 },
      timeToAcknowledge: { count: 1, meanMs: 30_000, medianMs: 30_000 },
      // gone-1 took 70 s, shop-1 120 s, shop-2 20 s; shop-3 was never seen to recover.
      timeToResolve: { count: 3, meanMs: 70_000, medianMs: 70_000 },
    });
  });

  test('of one team, of one kind, of the last 30 days, of nothing', async () => {
    const of = async (query: string) => (await api.call('GET', `/incidents/summary?${query}`)).body;
    expect(await of(`${FROM}&team=web`)).toMatchObject({ incidents: 1, timeToResolve: { meanMs: 70_000 } });
    expect(await of(`${FROM}&kind=region_silent`)).toMatchObject({
      incidents: 1,
      timeToResolve: { count: 1, meanMs: 300_000 },
    });
    expect(await of('')).toMatchObject({ incidents: 1, open: 1 });
    expect(await of(`${FROM}&team=nobody`)).toMatchObject({
      incidents: 0,
      complete: true,
      timeToTell: { count: 0, meanMs: null, medianMs: null },
    });
    expect((await api.call('GET', '/incidents/summary?limit=3')).status).toBe(400);
  });
});
