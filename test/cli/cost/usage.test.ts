import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LineId } from '../../../lib/cli/cost/line.ts';
import { MINUTES_A_MONTH, type Plan, sum } from '../../../lib/cli/cost/plan.ts';
import { usageOf } from '../../../lib/cli/cost/usage.ts';
import { REQUESTS_OF_LAMBDA } from '../../../lib/cli/cost/usage-shared.ts';
import { type Harbour, openHarbour } from '../../support/fleet/harbour.ts';

let harbour: Harbour | null = null;
beforeEach(() => {
  for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockReturnValue();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await harbour?.close();
});

const MINUTES = 10;

it.each([
  { endpoints: 10, cohorts: [10], regions: ['eu-west-1', 'us-east-1', 'ap-southeast-2'] },
  { endpoints: 70, cohorts: [64, 6], regions: ['eu-west-1'] },
] as const)(
  'is what $endpoints endpoints take in ten minutes, as often as a month has them',
  async ({ endpoints, cohorts, regions }) => {
    harbour = await openHarbour({ cohorts, regions: regions.length, handshake: 'tcp' });
    await harbour.fleet.pass(MINUTES);
    const tallies = [...harbour.count().values()];
    const plan: Plan = {
      ...{ endpoints, regions, home: 'eu-west-1', intervalSeconds: 60 },
      ...{ handshake: 'tcp', failingPercent: 0 },
    };
    const priced = (...lines: readonly LineId[]): number =>
      (sum(
        usageOf(plan).filter(({ line }) => lines.includes(line)),
        ({ quantity }) => quantity,
      ) *
        MINUTES) /
      MINUTES_A_MONTH;
    const counted = (of: (tally: (typeof tallies)[number]) => number): number => sum(tallies, of);

    expect(priced('requests')).toBeCloseTo(
      counted(({ invocations }) => invocations),
      3,
    );
    expect(priced('writes')).toBeCloseTo(
      counted(({ writeUnits, indexWriteUnits }) => writeUnits + indexWriteUnits),
      3,
    );
    // A message is received and deleted by Lambda; none is asked for by the functions themselves.
    const asked = counted(({ queueRequests, messages }) => queueRequests + REQUESTS_OF_LAMBDA * messages);
    expect(priced('messages') / asked).toBeGreaterThanOrEqual(1);
    expect(priced('messages') / asked).toBeLessThan(1.1);
    // What has been read within the last half hour is not read again within these ten minutes.
    const read = counted(({ readUnits }) => readUnits);
    expect(priced('reads') / read).toBeGreaterThanOrEqual(1);
    expect(priced('reads') / read).toBeLessThan(1.1);
  },
);
