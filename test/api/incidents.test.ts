import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCHEMAS } from '../../lib/api/schemas.ts';
import { putIncident } from '../../lib/store/incident.ts';
import { saveState } from '../../lib/store/state.ts';
import { saveWatch } from '../../lib/store/watch.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { incidentOf, register, stateOf } from '../support/stored.ts';
import { watchIncidentOf, watchStateOf } from '../support/watch.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe('incidents', () => {
  test('history of one, newest first, the open one as the judge knows it', async () => {
    const endpoint = await register(api, 'hurt');
    const now = Date.now();
    for (const n of [1, 2, 3])
      await putIncident(api.table, 'hurt', incidentOf(`hurt-${n}`, now - n * 3_600_000));
    const open = incidentOf('hurt-0', now, { endedAt: null, end: null, toldAt: null });
    await saveState(api.table, stateOf(endpoint, open));
    const first = (await api.call('GET', '/endpoints/hurt/incidents?limit=2')).body;
    expect(first.items.map(({ id }: { id: string }) => id)).toEqual(['hurt-0', 'hurt-1', 'hurt-2']);
    expect(first.items[0]).toMatchObject({ endpoint: 'hurt', untold: true, toldAt: null, endedAt: null });
    const second = (await api.call('GET', `/endpoints/hurt/incidents?limit=2&next=${first.next}`)).body;
    expect(second.items.map(({ id }: { id: string }) => id)).toEqual(['hurt-3']);
    await putIncident(api.table, 'hurt', { ...open, severity: 'P1' });
    const copied = (await api.call('GET', '/endpoints/hurt/incidents')).body;
    expect(copied.items.map(({ id }: { id: string }) => id)).toEqual([
      'hurt-0',
      'hurt-1',
      'hurt-2',
      'hurt-3',
    ]);
    expect(copied.items[0].severity).toBe('P2');
    expect((await api.call('GET', '/endpoints/hurt/incidents?next=x')).status).toBe(400);
  });

  test('what is open, newest first, in pages', async () => {
    const now = Date.now();
    for (const n of [1, 2]) {
      const endpoint = await register(api, `open${n}`);
      const incident = incidentOf(`open${n}-0`, now - 50_000, { endedAt: null, end: null });
      await saveState(api.table, stateOf(endpoint, incident));
    }
    await saveState(api.table, stateOf(await register(api, 'fine'), null));
    const first = (await api.call('GET', '/incidents?limit=2')).body;
    expect(first.items.map(({ endpoint }: { endpoint: string }) => endpoint)).toEqual(['hurt', 'open1']);
    const rest = (await api.call('GET', `/incidents?limit=2&next=${first.next}`)).body;
    expect(rest).toMatchObject({ next: null, items: [{ endpoint: 'open2', untold: false }] });
  });

  test('those of the watching stand among them: no endpoint, but a region', async () => {
    const incident = watchIncidentOf('us-gov-west-1', Date.now() - 60_000);
    await saveWatch(api.table, watchStateOf(incident));
    const all: { id: string }[] = [];
    let next: string | null = null;
    do {
      const query: string = next === null ? '' : `&next=${next}`;
      const { body } = await api.call('GET', `/incidents?limit=1${query}`);
      all.push(...body.items);
      next = body.next;
    } while (next !== null);
    expect(all.map(({ id }) => id)).toEqual(['hurt-0', 'open1-0', 'open2-0', incident.id]);
    expect(all.at(-1)).toMatchObject({
      endpoint: null,
      region: 'us-gov-west-1',
      rule: 'region_unhealthy',
      kind: 'region_unhealthy',
      severity: 'P3',
      untold: false,
      end: null,
    });
    expect(SCHEMAS.Incident.safeParse(all.at(-1)).error).toBeUndefined();
  });
});
