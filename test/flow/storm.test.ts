import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Endpoint } from '../../lib/endpoint/endpoint.ts';
import { acknowledgementsOfOthers, putAcknowledgementOf } from '../../lib/store/acknowledgement.ts';
import { putMute } from '../../lib/store/mute.ts';
import { statesOf } from '../../lib/store/state.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';
import { Storm, type Truth } from '../support/storm.ts';
import type { Fate } from '../support/tries.ts';

const FORMATS = ['json', 'email', 'pager'];
const [HOME, OTHER, THIRD] = ['eu-west-1', 'us-east-1', 'ap-southeast-2'];
const SECOND = 1000;

describe('a storm', () => {
  let stack: TestStack;
  let storm: Storm;

  beforeEach(async () => {
    stack = await startTestStack({ formats: FORMATS });
    storm = new Storm(stack);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await stack.close();
  });

  const own = ({ port }: Endpoint): string => `203.0.${Math.floor(port / 250)}.${1 + (port % 250)}`;
  const fine: Truth = (endpoint) => ({ fate: 'pass', address: own(endpoint) });
  const from =
    (failing: string, fate: Fate = 'filtered'): Truth =>
    (endpoint, region) => ({ fate: region === failing ? fate : 'pass', address: own(endpoint) });

  /** As the schedule, the retries and the nudges have it. */
  async function begin(truth: Truth, failing: readonly string[]): Promise<void> {
    await storm.round(fine);
    storm.now += 60 * SECOND;
    await storm.round(truth, failing);
    await storm.judge();
    storm.now += 2 * SECOND;
    await storm.round(truth, [HOME, OTHER, THIRD].filter((region) => !failing.includes(region)) as string[]);
    for (let n = 0; n < 2; n += 1) {
      storm.now += 6 * SECOND;
      await storm.round(truth, failing);
    }
    await storm.judge();
  }

  const alerts = (format = 'json') => storm.published.filter(({ topic }) => topic.endsWith(format));
  const bodies = () => alerts().map(({ alert }) => JSON.parse(alert.body));

  it('of 2,000 endpoints in 32 cohorts that one region loses is told in two messages a format, and asked about by samples', async () => {
    await storm.register(32, 62, () => ({}));
    await begin(from(OTHER), [OTHER]);
    const tries = storm.asked.flatMap((message) => (message.kind === 'confirm' ? message.tries : []));
    // Eight of a cohort, in each of the two other regions.
    expect(tries.length).toBeLessThanOrEqual(32 * 8 * 2);
    expect(tries.length).toBeGreaterThanOrEqual(32 * 2);
    storm.now += 125 * SECOND;
    await storm.wake(await storm.causes());
    const [trigger, update, ...more] = bodies();
    expect([trigger.event, trigger.group.count, update.event, update.group.count]).toEqual([
      'trigger',
      62,
      'update',
      1984,
    ]);
    expect(more).toEqual([]);
    expect(trigger).toMatchObject({
      kind: 'partial',
      rule: 'blocked_from_some',
      severity: 'P2',
      endpoint: null,
      region: OTHER,
      group: { cause: 'region', value: OTHER },
      failingRegions: [OTHER],
      listeningRegions: [HOME, THIRD],
    });
    expect(update.dedupKey).toBe(trigger.dedupKey);
    expect(update.endpoints).toHaveLength(100);
    expect(update.summary).toMatch(
      /^1984 endpoints \(1922 new\) blocked from us-east-1 \(tcp timeout\), listening from 2 regions: /,
    );
    expect([alerts('email'), alerts('pager')].map(({ length }) => length)).toEqual([2, 1]);
    for (const { alert } of storm.published) {
      const most = alert.body.startsWith('{') ? 200 * 1024 : 8 * 1024;
      expect(Buffer.byteLength(alert.body)).toBeLessThanOrEqual(most);
      expect(alert.subject.length).toBeLessThan(100);
    }
  }, 240_000);

  it('is over with its last endpoint: who joins and leaves meanwhile is not told', async () => {
    await storm.register(3, 10, () => ({}));
    await begin(from(OTHER), [OTHER]);
    const late: Truth = (endpoint, region) =>
      endpoint.port <= 5 ? from(OTHER)(endpoint, region) : fine(endpoint, region);
    for (const truth of [late, late, late, fine, fine, fine]) {
      storm.now += 6 * SECOND;
      await storm.round(truth);
      await storm.judge();
    }
    expect(bodies().map(({ event, end }) => [event, end])).toEqual([
      ['trigger', null],
      ['resolve', 'recovered'],
    ]);
    const [trigger, resolve] = bodies();
    expect(resolve.dedupKey).toBe(trigger.dedupKey);
    expect(alerts('pager').map(({ alert }) => JSON.parse(alert.body).NewStateValue)).toEqual(['ALARM', 'OK']);
    expect(await storm.causes()).toEqual([]);
  }, 60_000);

  it('is told with those of other cohorts that fall due within the minute; who is muted is not named', async () => {
    await storm.register(2, 5, (n) => (n >= 5 ? {} : { alertAfterSeconds: n === 4 ? 300 : 40 }));
    const at = new Date(storm.now).toISOString();
    await putMute(stack.table, 'e1', { until: '2099-01-01T00:00:00.000Z', note: null, at });
    await begin(from(OTHER), [OTHER]);
    const [trigger] = bodies();
    expect(trigger.endpoints).toEqual(['e0', 'e2', 'e3', 'e5', 'e6', 'e7', 'e8', 'e9']);
    expect(bodies()).toHaveLength(1);
  }, 60_000);

  it('is told of each endpoint when an alert has counted it, and is over when the last of them passes again', async () => {
    await storm.register(2, 6, () => ({}));
    const half: Truth = (endpoint, region) =>
      endpoint.port <= 6 ? from(OTHER)(endpoint, region) : fine(endpoint, region);
    await begin(half, [OTHER]);
    const triggeredAt = storm.now;
    const toldAt = async () => {
      const states = await statesOf(
        stack.table,
        storm.endpoints.map(({ id }) => id),
      );
      return storm.endpoints.map(({ id }) => states.get(id)?.incident?.toldAt ?? null);
    };
    const fails = async (truth: Truth): Promise<void> => {
      for (let n = 0; n < 3; n += 1) {
        storm.now += 6 * SECOND;
        await storm.round(truth);
        await storm.judge();
      }
    };
    await fails(from(OTHER));
    const [cause = ''] = await storm.causes();
    const joined = [...Array(6).fill(triggeredAt), ...Array(6).fill(null)];
    expect(await toldAt(), 'those that have joined are not told of yet').toEqual(joined);
    storm.now += 60 * SECOND;
    await storm.wake([cause]);
    const updatedAt = storm.now;
    await fails(from(OTHER));
    expect(await toldAt()).toEqual([...Array(6).fill(triggeredAt), ...Array(6).fill(updatedAt)]);
    const passes = storm.now + 6 * SECOND;
    await fails(fine);
    const resolve = bodies().at(-1);
    expect([resolve.event, resolve.group.count, resolve.endpoints.length]).toEqual(['resolve', 12, 12]);
    expect(Date.parse(resolve.resolvedAt)).toBeLessThan(passes + 6 * SECOND);
    expect(Date.parse(resolve.resolvedAt)).toBeGreaterThanOrEqual(passes);
  }, 60_000);

  it('that spreads goes on under one key: a region joins, then all are down, then none', async () => {
    await storm.register(2, 6, () => ({}));
    await begin(from(OTHER), [OTHER]);
    const lives = async (truth: Truth, rounds: number): Promise<void> => {
      for (let n = 0; n < rounds; n += 1) {
        storm.now += 6 * SECOND;
        await storm.round(truth);
        await storm.judge();
        await storm.wake(await storm.causes());
      }
    };
    await lives(from(OTHER), 10);
    const both: Truth = (endpoint, region) =>
      (region === THIRD ? from(THIRD) : from(OTHER))(endpoint, region);
    await lives(both, 12);
    await lives((endpoint) => ({ fate: 'refused', address: own(endpoint) }), 12);
    await lives(fine, 4);
    expect(
      bodies().map(({ event, kind, failingRegions, previous, end }) => [
        event,
        kind,
        failingRegions,
        previous?.failingRegions,
        end,
      ]),
    ).toEqual([
      ['trigger', 'partial', [OTHER], undefined, null],
      // The other cohort.
      ['update', 'partial', [OTHER], [OTHER], null],
      ['update', 'partial', [OTHER, THIRD], [OTHER], null],
      ['update', 'down', [HOME, OTHER, THIRD], [OTHER, THIRD], null],
      ['resolve', 'down', [], undefined, 'recovered'],
    ]);
    expect(bodies()[2].summary).toContain('ap-southeast-2 is new');
    expect(bodies()[3].summary).toContain('was P2 partial');
    expect(new Set(bodies().map(({ dedupKey }) => dedupKey)).size).toBe(1);
    expect(alerts('pager').map(({ alert }) => JSON.parse(alert.body).NewStateValue)).toEqual(['ALARM', 'OK']);
  }, 60_000);

  it('in which one goes another way is told of that one by itself', async () => {
    await storm.register(1, 7, () => ({}));
    await begin(from(OTHER), [OTHER]);
    const other: Truth = (endpoint, region) =>
      endpoint.port === 1 ? { fate: 'refused', address: own(endpoint) } : from(OTHER)(endpoint, region);
    for (let n = 0; n < 12; n += 1) {
      storm.now += 6 * SECOND;
      await storm.round(other);
      await storm.judge();
    }
    expect(bodies().map(({ event, kind, endpoint }) => [event, kind, endpoint?.id ?? null])).toEqual([
      ['trigger', 'partial', null],
      ['trigger', 'down', 'e0'],
    ]);
  }, 60_000);

  it('is acknowledged as a whole: told once, kept for each of its endpoints, over with it', async () => {
    await storm.register(2, 6, () => ({}));
    await begin(from(OTHER), [OTHER]);
    const [cause = ''] = await storm.causes();
    const said = { by: 'ada', note: 'the firewall', at: storm.now, until: null };
    await putAcknowledgementOf(stack.table, cause, said);
    storm.now += SECOND;
    await storm.judge();
    await storm.wake([cause]);
    expect(bodies().map(({ event }) => event)).toEqual(['trigger', 'acknowledge']);
    const states = await statesOf(
      stack.table,
      storm.endpoints.map(({ id }) => id),
    );
    expect([...states.values()].map(({ incident }) => incident?.acknowledged)).toEqual(Array(12).fill(said));
    for (let n = 0; n < 3; n += 1) {
      storm.now += 6 * SECOND;
      await storm.round(fine);
      await storm.judge();
    }
    expect(bodies().map(({ event }) => event)).toEqual(['trigger', 'acknowledge', 'resolve']);
    expect((await acknowledgementsOfOthers(stack.table, [cause])).size).toBe(0);
  }, 60_000);

  it('behind one address is told as that, a team at a time; who fails alone is told by itself', async () => {
    const alone = 11;
    await storm.register(2, 6, (n) => (n < 6 ? { team: 'web' } : {}));
    const truth: Truth = (endpoint) => ({
      fate: 'refused',
      address: endpoint.port === alone + 1 ? own(endpoint) : '203.0.113.7',
    });
    await begin(truth, [HOME, OTHER, THIRD] as string[]);
    const told = alerts().map(({ alert }) => {
      const { group, endpoint, kind } = JSON.parse(alert.body);
      return [alert.attributes.team ?? null, kind, group?.cause ?? endpoint.id, group?.count ?? 1];
    });
    expect(told).toEqual([
      ['web', 'down', 'address', 6],
      [null, 'down', `e${alone}`, 1],
      [null, 'down', 'address', 5],
    ]);
  }, 60_000);

  it('of few is told one by one', async () => {
    await storm.register(1, 4, () => ({}));
    await begin(from(OTHER, 'refused'), [OTHER]);
    expect(bodies().map(({ event, endpoint, group }) => [event, endpoint.id, group])).toEqual(
      [0, 1, 2, 3].map((n) => ['trigger', `e${n}`, null]),
    );
  }, 60_000);

  it.each([true, false])(
    'is told under one key wherever its judge is killed (before a step: %s)',
    async (before) => {
      for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockReturnValue();
      // Every ninth step, from before and from after: each kind of step is met.
      for (let point = before ? 1 : 5, met = true; met; point += 9) {
        await stack.close();
        stack = await startTestStack({ formats: FORMATS });
        storm = new Storm(stack);
        await storm.register(1, 5, () => ({}));
        storm.killBefore = before;
        storm.killAfter = point;
        await begin(from(OTHER), [OTHER]);
        for (let n = 0; n < 3; n += 1) {
          storm.now += 6 * SECOND;
          await storm.round(fine);
          await storm.judge();
        }
        met = storm.killAfter === null;
        const told = bodies();
        const keys = new Set(told.map(({ dedupKey }) => dedupKey));
        expect(keys.size, `killed at step ${point}`).toBe(1);
        const events = new Set(told.map(({ event }) => event));
        expect([...events], `killed at step ${point}`).toEqual(['trigger', 'resolve']);
        expect(await storm.causes()).toEqual([]);
      }
    },
    240_000,
  );
});
