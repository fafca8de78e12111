import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tagOf } from '../../lib/endpoint/tag.ts';
import { putCertificate } from '../../lib/store/certificate.ts';
import { putRound } from '../../lib/store/round.ts';
import { saveState } from '../../lib/store/state.ts';
import { saveWatch } from '../../lib/store/watch.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { saveRegion } from '../support/save-region.ts';
import { incidentOf, LEAST, putRounds, register, second, stateOf, unresolved } from '../support/stored.ts';
import { watchIncidentOf, watchStateOf } from '../support/watch.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe('status', () => {
  test('of a new endpoint names every region and has nothing to tell yet', async () => {
    await register(api, 'new');
    const { body } = await api.call('GET', '/endpoints/new/status');
    expect(body).toMatchObject({
      endpoint: { id: 'new' },
      verdict: { rule: 'not_watched', kind: null, severity: null },
    });
    expect(body).toMatchObject({ incident: null, mute: null });
    expect(body.regions.map(({ region }: { region: string }) => region)).toEqual([
      'eu-west-1',
      'us-east-1',
      'ap-southeast-2',
    ]);
  });

  test('shows rounds that the judge has not been called for', async () => {
    const endpoint = await register(api, 'seen');
    const at = Date.now();
    for (const region of api.environment().regions) await putRounds(api, endpoint, region, [at]);
    const { body } = await api.call('GET', '/endpoints/seen/status');
    expect(body.regions[0]).toMatchObject({
      region: 'eu-west-1',
      state: 'passing',
      outcome: 'ok',
      timings: { tcpMs: 20 },
    });
    const all = await api.call('GET', '/status?limit=200');
    const item = all.body.items.find((one: { endpoint: { id: string } }) => one.endpoint.id === 'seen');
    expect(item).toMatchObject({ verdict: body.verdict, regions: body.regions });
    expect(item.endpoint).toEqual({ id: 'seen', name: 'seen', ...LEAST, tags: [] });
  });

  test('names the certificates that the regions saw, of passing tries by their first digits', async () => {
    const endpoint = await register(api, 'secured', { intervalSeconds: 30 });
    const sha256 = 'ab12cd34'.repeat(8);
    const at = new Date().toISOString();
    const facts = {
      sha256,
      subject: 'CN=shop',
      issuer: 'CN=ca',
      names: ['shop'],
      notBefore: at,
      notAfter: at,
      chain: 1,
    };
    await putCertificate(api.table, facts);
    await putRounds(api, endpoint, 'eu-west-1', [Date.now()], { certificate: sha256 });
    const { body } = await api.call('GET', '/endpoints/secured/status');
    expect(body.regions[0]).toMatchObject({ certificate: 'ab12cd34', tls: null, bytesReceived: null });
    expect(body.certificates).toEqual([facts]);
  });

  test('of a flapping endpoint that has recovered says until when its incident stays open, as the incident does', async () => {
    const endpoint = await register(api, 'flappy', { severities: { partial: 'P1' } });
    const at = Date.now();
    const incident = incidentOf('flappy-1', at - 60_000, { flapping: true, endedAt: null, end: null });
    await saveState(api.table, { ...stateOf(endpoint, incident), provenAt: at - 60_000 });
    for (const region of api.environment().regions) await putRounds(api, endpoint, region, [at, at + 5_000]);
    const settlesAt = new Date(incident.heldSince + 600_000).toISOString();
    const { body } = await api.call('GET', '/endpoints/flappy/status');
    expect(body.verdict).toMatchObject({ rule: 'blocked_from_some', kind: 'partial', severity: 'P1' });
    // What the regions say now began with this look at them.
    expect(Date.parse(body.verdict.settlesAt)).toBeGreaterThanOrEqual(Date.parse(settlesAt));
    expect(body.incident).toMatchObject({ flapping: true, settlesAt: body.verdict.settlesAt });
    const open = await api.call('GET', '/incidents?endpoint=flappy');
    expect(open.body.items).toMatchObject([{ id: 'flappy-1', flapping: true, settlesAt }]);
  });

  test('of a region that is cut off says when it last passed, and that the newest try says nothing', async () => {
    const endpoint = await register(api, 'cut');
    const at = Math.ceil(Date.now() / 1000) * 1000 + 1_000;
    await putRounds(api, endpoint, 'eu-west-1', [at]);
    const observations = [
      {
        ...unresolved(tagOf(endpoint), at + 10_000),
        evidence: 'inconclusive',
        reason: 'region_unhealthy',
      } as const,
    ];
    const cause = { kind: 'slot', slot: second(at + 10_000) } as const;
    await putRound(api.table, { cohort: endpoint.cohort, region: 'eu-west-1', cause, observations });
    const { body } = await api.call('GET', '/endpoints/cut/status');
    expect(body.regions[0]).toMatchObject({
      state: 'passing',
      conclusiveAt: new Date(at).toISOString(),
      at: new Date(at + 10_000).toISOString(),
      evidence: 'inconclusive',
      reason: 'region_unhealthy',
    });
  });

  test('of all, filtered and in pages', async () => {
    for (const n of [1, 2, 3])
      await register(api, `team${n}`, { team: 'blue', intervalSeconds: n === 3 ? 10 : 60 });
    const first = (await api.call('GET', '/status?team=blue&limit=2')).body;
    const rest = (await api.call('GET', `/status?team=blue&limit=2&next=${first.next}`)).body;
    const ids = [...first.items, ...rest.items].map(
      ({ endpoint }: { endpoint: { id: string } }) => endpoint.id,
    );
    expect(ids).toEqual(['team3', 'team1', 'team2']);
    expect(rest.next).toBeNull();
    expect((await api.call('GET', '/status?limit=201')).status).toBe(400);
  });
});

test('regions: all that are deployed, in their order', async () => {
  const at = Date.now();
  const health = { healthy: false, since: at - 10_000, at };
  const clockCheck = { trouble: null, kernelMs: 0.006, loopMs: 0.31 };
  const none = { controls: null, sourceAddresses: [], tcpClock: 'kernel', clockCheck } as const;
  const record = { ...none, notedAt: at, newestRoundAt: at, health } as const;
  const sourceAddresses = [{ address: '198.51.100.9', at }];
  const controls = { healthy: true, passed: 2, tried: 2, syns: 2, lost: 0, at };
  await saveRegion(api.table, { ...record, region: 'us-east-1', sourceAddresses, controls });
  await saveRegion(api.table, { ...record, region: 'gone-1' });
  const incident = watchIncidentOf('us-east-1', at);
  await saveWatch(api.table, watchStateOf(incident));
  const { items } = (await api.call('GET', '/regions')).body;
  expect(items.map(({ region }: { region: string }) => region)).toEqual([
    'eu-west-1',
    'us-east-1',
    'ap-southeast-2',
  ]);
  expect(items[0]).toEqual({
    region: 'eu-west-1',
    notedAt: null,
    newestRoundAt: null,
    health: null,
    controls: null,
    sourceAddresses: [],
    tcpClock: null,
    clockCheck: null,
    incident: null,
  });
  const time = new Date(at).toISOString();
  expect(items[1]).toEqual({
    region: 'us-east-1',
    notedAt: time,
    newestRoundAt: time,
    health: { healthy: false, since: new Date(at - 10_000).toISOString(), at: time },
    controls: { ...controls, at: time },
    sourceAddresses: [{ address: '198.51.100.9', at: time }],
    tcpClock: 'kernel',
    clockCheck,
    incident: expect.objectContaining({ id: incident.id, region: 'us-east-1', kind: 'region_unhealthy' }),
  });
});
