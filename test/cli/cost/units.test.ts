import { crc32 } from 'node:zlib';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  BYTES,
  COUNTED,
  cohortsReadUnits,
  loadReadUnits,
  roundWriteUnits,
  sweepReadUnits,
} from '../../../lib/cli/cost/units.ts';
import { CohortCache } from '../../../lib/flow/cohort-cache.ts';
import { type Harbour, openHarbour } from '../../support/fleet/harbour.ts';
import { itemBytes } from '../../support/fleet/item-bytes.ts';
import type { Tally } from '../../support/fleet/meter.ts';

/** Every fifth minute there is more to do. */
const MINUTES = 5;
const FIFTHS = MINUTES / 5;

const QUIET = [
  { cohorts: [1], regions: 1, handshake: 'tcp' },
  { cohorts: [10], regions: 3, handshake: 'tcp' },
  { cohorts: [64, 3], regions: 2, handshake: 'tcp' },
] as const;

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

describe('what watching takes of AWS', { timeout: 120_000 }, () => {
  const open: Harbour[] = [];
  const harbour = async (options: Parameters<typeof openHarbour>[0]): Promise<Harbour> => {
    const one = await openHarbour(options);
    open.push(one);
    return one;
  };
  beforeEach(() => {
    for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockReturnValue();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const one of open.splice(0)) await one.close();
  });

  it.each(QUIET)('is what is written down while nothing happens: %j', async (options) => {
    const { cohorts, regions } = options;
    const { fleet, count, stack } = await harbour(options);
    await fleet.pass(MINUTES);
    const counts = count();
    const rounds = regions * MINUTES;
    const { watchdog, watch, deadLetters, note, round } = COUNTED;
    const looking = cohortsReadUnits(cohorts);
    const writing = sum(cohorts.map((members) => roundWriteUnits(members)));
    // Where there is something to sweep in the minute of the dead letters, that goes ahead.
    const ahead = cohorts.some((_, number) => crc32(`60-${number}`) % 5 === 0) ? FIFTHS : 0;
    const asked = deadLetters.queueRequests + deadLetters.queueRequestsPerRegion * regions;
    expect(Object.fromEntries(counts)).toMatchObject({
      dispatch: { invocations: rounds, readUnits: rounds * looking, writeUnits: 0, queueRequests: rounds },
      'probe probe': {
        invocations: rounds,
        readUnits: rounds * round.readUnits * cohorts.length,
        writeUnits: rounds * (note.writeUnits + writing),
        indexWriteUnits: 0,
        tableRequests: rounds * (2 + cohorts.length),
        queueRequests: 0,
      },
      watchdog: {
        readUnits: MINUTES * (watchdog.readUnits + looking),
        queueRequests: MINUTES * watchdog.queueRequests + FIFTHS * asked + ahead,
      },
      'judge watch': {
        invocations: MINUTES,
        readUnits: MINUTES * watch.readUnits,
        writeUnits: MINUTES * watch.writeUnits,
      },
      'judge sweep': { invocations: FIFTHS * cohorts.length, writeUnits: 0, queueRequests: 0 },
    });
    expect(counts.size).toBe(5);
    const sweeping = FIFTHS * sum(cohorts.map((members) => sweepReadUnits(members, regions, 60)));
    expect(counts.get('judge sweep')?.readUnits).toBeGreaterThanOrEqual(sweeping);
    expect(counts.get('judge sweep')?.readUnits).toBeLessThanOrEqual(1.2 * sweeping);

    const cache = new CohortCache();
    const load = (plan: number, nowMs: number) => () =>
      cache.endpoints(stack.table, '60-0', plan, 'eu-west-1', ['eu-west-1'], nowMs);
    const [members = 0] = cohorts;
    await fleet.as('first', load(1, 0));
    await fleet.as('again', load(1, 3_600_000));
    const loads = count();
    expect(loads.get('first')?.readUnits).toBe(loadReadUnits(members, false));
    expect(loads.get('again')?.readUnits).toBe(loadReadUnits(members, true));
  });

  it('is at most 0.04 write units an observation in full cohorts', () => {
    expect(roundWriteUnits(64) / 64).toBeLessThan(0.04);
    // A whole message: eight rounds, and a note that the prober lives.
    expect((8 * roundWriteUnits(64) + COUNTED.note.writeUnits) / 512).toBeLessThan(0.04);
  });

  it('is what is written down of bytes', async () => {
    const { fleet, stack } = await harbour({ cohorts: [64], regions: 2, handshake: 'tcp', failing: 1 });
    await fleet.pass(1);
    const client = new DynamoDBClient({ region: 'eu-west-1' });
    const { Items = [] } = await client.send(new ScanCommand({ TableName: stack.table.name }));
    client.destroy();
    const largest = (pk: string, sk = ''): number =>
      Math.max(
        ...Items.filter((item) => item.pk?.S?.startsWith(pk) && item.sk?.S?.endsWith(sk)).map(itemBytes),
      );
    const near = (bytes: number, counted: number): void => {
      expect(bytes).toBeLessThanOrEqual(counted);
      expect(bytes).toBeGreaterThan(0.9 * counted);
    };
    near(largest('COHORTS'), BYTES.cohort + 64 * BYTES.member);
    near(largest('ROUND#', '#r'), BYTES.round + 64 * BYTES.passing);
    near(largest('ENDPOINT#', 'ENDPOINT'), BYTES.endpoint);
  });

  it('is what is written down where one of ten fails, goes on failing, and is well again', async () => {
    const {
      fleet,
      count,
      shut,
      open: reopen,
    } = await harbour({
      cohorts: [10],
      regions: 6,
      handshake: 'tcp',
      failing: 1,
    });
    const { incident, failing, round } = COUNTED;
    const told = { invocations: 0, readUnits: 0, writeUnits: 0, queueRequests: 0, publishes: 0 };
    const add = (counts: ReadonlyMap<string, Tally>): void => {
      for (const [actor, tally] of counts) {
        if (!/^probe (retry|confirm)|^judge (news|group)/.test(actor)) continue;
        told.invocations += tally.invocations;
        told.readUnits += tally.readUnits;
        told.writeUnits += tally.writeUnits + tally.indexWriteUnits;
        told.queueRequests += tally.queueRequests;
        told.publishes += tally.publishes / 2;
      }
    };
    await shut();
    await fleet.pass(5);
    add(count());
    await fleet.pass(MINUTES);
    const steady = count();
    expect(steady.get('probe probe')).toMatchObject({
      invocations: 6 * MINUTES,
      readUnits: 6 * MINUTES * (round.readUnits + failing.readUnits),
      writeUnits: 6 * MINUTES * (COUNTED.note.writeUnits + roundWriteUnits(10, 1)),
      queueRequests: 0,
    });
    expect([...steady.keys()].filter((actor) => /retry|confirm|news/.test(actor))).toEqual([]);
    await reopen();
    await fleet.pass(5);
    add(count());
    for (const [what, counted] of Object.entries(incident)) {
      expect({ what, of: told[what as keyof typeof told] / counted }).toEqual({
        what,
        of: expect.closeTo(1, 1),
      });
    }
  });
});
