import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { measureScale, type Scale } from '../support/fleet/scale.ts';

beforeEach(() => {
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(console, level).mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Units, requests and messages of one thing that was done. */
function costOf({ done }: Scale, what: string): readonly number[] {
  const one = done.find((each) => each.what === what);
  if (!one) throw new Error(`nobody did: ${what}`);
  const { readUnits, writeUnits, indexWriteUnits, tableRequests, queueRequests, messages } = one;
  return [readUnits, writeUnits + indexWriteUnits, tableRequests, queueRequests, messages];
}

it('ten times the endpoints take ten times as much at most; a PUT and a page take as much as before', async () => {
  const measure = (endpoints: number) => measureScale({ endpoints, regions: 2, minutes: 0 });
  const few = await measure(1000);
  const many = await measure(10_000);
  for (const what of ['dispatch', 'watchdog']) {
    const [less, more] = [costOf(few, what), costOf(many, what)];
    more.forEach((units, n) => {
      // What there is one of in any case is not multiplied, and each partition more rounds up once.
      expect({ what, n, units }).toEqual({ what, n, units: Math.min(units, 10 * (less[n] ?? 0) + 2) });
    });
  }
  expect(costOf(many, 'PUT')).toEqual(costOf(few, 'PUT'));
  expect(costOf(many, 'page of endpoints')).toEqual(costOf(few, 'page of endpoints'));
  expect(costOf(many, 'page of statuses')).toEqual(costOf(few, 'page of statuses'));
  expect(many.largestBatchBytes).toBeLessThan(256 * 1024);
  // 157 cohorts in two partitions, read by two regions (one of them twice) and the watchdog within the same second.
  expect(many.hottestRead.read).toBeLessThan(4 * 60);
}, 120_000);
