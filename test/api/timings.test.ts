import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tagOf } from '../../lib/endpoint/tag.ts';
import { putRound } from '../../lib/store/round.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { putRounds, register, second, unresolved } from '../support/stored.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe('timings', () => {
  const now = Date.now();
  const times = Array.from({ length: 5 }, (_, n) => now - (5 - n) * 60_000);

  test('of every region, in pages, own tries only', async () => {
    const endpoint = await register(api, 'timed');
    await putRounds(api, endpoint, 'eu-west-1', times);
    await putRounds(api, endpoint, 'us-east-1', times);
    const observations = [unresolved(tagOf(endpoint), now - 1000)];
    const cause = { kind: 'confirm', due: second(now), suspicion: 's' } as const;
    await putRound(api.table, { cohort: endpoint.cohort, region: 'ap-southeast-2', cause, observations });
    const seen: { region: string; at: string }[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: { items: typeof seen; next: string | null } = (
        await api.call('GET', `/endpoints/timed/timings?limit=3${next ? `&next=${next}` : ''}`)
      ).body;
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items);
      next = page.next;
    }
    const expected = ['eu-west-1', 'us-east-1'].flatMap((region) =>
      times.map((at) => ({ region, at: new Date(at).toISOString() })),
    );
    expect(seen.map(({ region, at }) => ({ region, at }))).toEqual([
      ...expected,
      { region: 'ap-southeast-2', at: new Date(now - 1000).toISOString() },
    ]);
    expect(seen[0]).toMatchObject({ stage: 'tls', outcome: 'ok', timings: { tcpMs: 20 }, tainted: ['tls'] });
    expect(seen.at(-1)).toMatchObject({ stage: 'dns', outcome: 'nxdomain', timings: {}, address: null });
  });

  test('of one region between two times: from is in, to is not', async () => {
    const iso = (n: number) => new Date(times[n] ?? 0).toISOString();
    const path = `/endpoints/timed/timings?region=us-east-1&from=${iso(1)}&to=${iso(3)}`;
    const { items } = (await api.call('GET', path)).body;
    expect(items.map(({ at }: { at: string }) => at)).toEqual([iso(1), iso(2)]);
  });

  test.each([
    ['region=mars-1', 'region'],
    ['from=yesterday', 'from'],
    ['to=2026-02-30T00:00:00Z', 'to'],
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
    ['limit=1001', 'limit'],
    ['next=WzEsInRpbWluZ3Mvb3RoZXIiLCIwLzEvL2V1LXdlc3QtMS8iXQ', 'next'],
  ])('refuses ?%s', async (query, parameter) => {
    const refused = await api.call('GET', `/endpoints/timed/timings?${query}`);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ parameter }] } });
  });

  test("another list's cursor is refused", async () => {
    await register(api, 'timed2');
    const { next } = (await api.call('GET', '/endpoints/timed/timings?limit=1')).body;
    expect((await api.call('GET', `/endpoints/timed2/timings?next=${next}`)).status).toBe(400);
    expect((await api.call('GET', `/endpoints?next=${next}`)).status).toBe(400);
  });
});

describe('a summary of timings', () => {
  // Not the slots of the rounds above: a round is written once.
  const now = Date.now() - 30_000;
  const times = Array.from({ length: 5 }, (_, n) => now - (5 - n) * 60_000);
  const summaryOf = async (path: string) => (await api.call('GET', path)).body;

  test('of every region, without what is not the network’s, and without maintenance', async () => {
    const endpoint = await register(api, 'summed', { tags: ['summed'] });
    const fine = { tainted: [], minRttMs: 19.5 } as const;
    await putRounds(api, endpoint, 'eu-west-1', times.slice(0, 3), fine);
    await putRounds(api, endpoint, 'eu-west-1', times.slice(3, 4), { ...fine, synRetransmits: 1 });
    await putRounds(api, endpoint, 'us-east-1', times);
    const [from, until] = [times[4] ?? now, now + 60_000].map((at) => new Date(at).toISOString());
    await putRounds(api, endpoint, 'eu-west-1', times.slice(4), fine);
    const schedule = { from, until };
    const plan = { endpoints: { tags: ['summed'] }, schedule };
    expect((await api.call('PUT', '/maintenance/summed', plan)).status).toBe(201);
    const summary = await summaryOf('/endpoints/summed/timings/summary');
    expect(summary.complete).toBe(true);
    const regions = new Map(summary.regions.map((one: { region: string }) => [one.region, one]));
    expect([...regions.keys()]).toEqual(['eu-west-1', 'us-east-1', 'ap-southeast-2']);
    expect(regions.get('eu-west-1')).toMatchObject({
      tries: 4,
      passed: 4,
      maintenance: 1,
      tcpClock: { kernel: 3, loop: 0 },
      minRttMs: 19.5,
      dns: { count: 4, medianMs: 1 },
      tcp: { count: 3, medianMs: 20, p95Ms: 20, tainted: 0, synRetransmitted: 1 },
      tls: { count: 4, tainted: 0 },
      http2: { count: 0, medianMs: null },
    });
    expect(regions.get('us-east-1')).toMatchObject({
      minRttMs: null,
      tls: { count: 0, medianMs: null, tainted: 4 },
    });
    expect(regions.get('ap-southeast-2')).toMatchObject({ tries: 0, maintenance: 0 });
    expect(await api.call('DELETE', '/maintenance/summed')).toMatchObject({ status: 204 });
  });

  test('of one region between two times', async () => {
    const iso = (n: number) => new Date(times[n] ?? 0).toISOString();
    const path = `/endpoints/summed/timings/summary?region=us-east-1&from=${iso(1)}&to=${iso(3)}`;
    expect(await summaryOf(path)).toMatchObject({
      from: iso(1),
      to: iso(3),
      regions: [{ region: 'us-east-1', tries: 2 }],
    });
  });

  test.each(['region=mars-1', 'from=yesterday', 'limit=5'])('refuses ?%s', async (query) => {
    expect((await api.call('GET', `/endpoints/summed/timings/summary?${query}`)).status).toBe(400);
  });
});
