import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { REGIONS, run } from '../support/judging.ts';
import { type Fate, START, shop } from '../support/tries.ts';
import { alertAfter, during, evidence, interval, MINUTE, RUNS, rough } from '../support/worlds.ts';

describe('a total outage', () => {
  test('never publishes `partial`, however short, rough and late', () => {
    const world = fc.record({
      seed: fc.nat(),
      from: fc.integer({ min: 0, max: 8 * MINUTE }),
      lasts: fc.oneof(fc.integer({ min: 1, max: 30_000 }), fc.integer({ min: 30_000, max: 20 * MINUTE })),
      fates: fc.tuple(evidence, evidence, evidence, evidence, evidence, evidence),
      intervalSeconds: interval,
      alertAfterSeconds: alertAfter,
      lost: fc.constantFrom(0, 0.1),
    });
    fc.assert(
      fc.property(world, ({ seed, from, lasts, fates, intervalSeconds, alertAfterSeconds, lost }) => {
        const out = during(from + 10 * MINUTE, from + 10 * MINUTE + lasts);
        const { told, incidents } = run({
          ...rough(seed, { lost, dies: lost / 5 }),
          endpoint: () => shop({ intervalSeconds, alertAfterSeconds }),
          truth: (region, at) => (out(at) ? (fates[REGIONS.indexOf(region)] ?? 'refused') : 'pass'),
          durationMs: 50 * MINUTE,
        });
        expect(told.filter(({ kind }) => kind === 'partial')).toEqual([]);
        expect([...incidents.values()].filter(({ kind }) => kind === 'partial')).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('in the middle of a partial one is no wider partial one, neither when it begins nor when it ends', () => {
    const world = fc.record({
      seed: fc.nat(),
      from: fc.integer({ min: 0, max: 3 * MINUTE }),
      fate: evidence,
    });
    fc.assert(
      fc.property(world, ({ seed, from, fate }) => {
        const out = during(from + 15 * MINUTE, from + 30 * MINUTE);
        const { told } = run({
          ...rough(seed, { lost: 0.05 }),
          endpoint: () => shop({ alertAfterSeconds: 0 }),
          truth: (region, at) => {
            if (out(at)) return fate;
            return region === 'a' && at >= START + 3 * MINUTE ? 'refused' : 'pass';
          },
          durationMs: 60 * MINUTE,
        });
        const partial = told.filter(({ kind }) => kind === 'partial');
        expect(partial.filter(({ failingRegions }) => failingRegions.join() !== 'a')).toEqual([]);
        expect(told.map(({ kind }) => kind)).toContain('down');
        expect(told.at(-1)?.kind).toBe('partial');
        expect(new Set(told.map(({ dedupKey }) => dedupKey)).size).toBe(1);
      }),
      RUNS,
    );
  });

  test('is told as `down` in time, by one incident', () => {
    const world = fc.record({
      from: fc.integer({ min: 0, max: 5 * MINUTE }),
      fate: evidence,
      alertAfterSeconds: alertAfter,
    });
    fc.assert(
      fc.property(world, ({ from, fate, alertAfterSeconds }) => {
        const out = during(from + MINUTE, from + 20 * MINUTE);
        const { told } = run({
          endpoint: () => shop({ alertAfterSeconds }),
          truth: (_region, at) => (out(at) ? fate : 'pass'),
          durationMs: 30 * MINUTE,
        });
        expect(told.map(({ event, kind }) => `${event} ${kind}`)).toEqual(['trigger down', 'resolve down']);
        const [trigger] = told;
        const lateMs = (trigger?.at ?? 0) - (trigger?.since ?? 0) - alertAfterSeconds * 1000;
        expect(lateMs).toBeLessThan(alertAfterSeconds === 0 ? 20_000 : 15_000);
      }),
      RUNS,
    );
  });
});

describe('a partial outage', () => {
  const world = fc.record({
    seed: fc.nat(),
    failing: fc.subarray([...REGIONS], { minLength: 1, maxLength: 5 }),
    from: fc.integer({ min: 2 * MINUTE, max: 8 * MINUTE }),
    fate: fc.constantFrom<Fate>('refused', 'filtered', 'unresolved'),
    intervalSeconds: interval,
    alertAfterSeconds: alertAfter,
  });

  test('ends in the same verdict whatever the order and delay of regions', () => {
    fc.assert(
      fc.property(world, ({ seed, failing, from, fate, intervalSeconds, alertAfterSeconds }) => {
        const { state, told } = run({
          ...rough(seed),
          endpoint: () => shop({ intervalSeconds, alertAfterSeconds }),
          truth: (region, at) => (at >= START + from && failing.includes(region) ? fate : 'pass'),
          durationMs: 40 * MINUTE,
        });
        const rule = { refused: 'refused_from_some', filtered: 'blocked_from_some' }[fate as string];
        expect(state?.incident?.rule).toBe(rule ?? 'unresolved_from_some');
        expect(state?.incident?.failingRegions).toEqual(failing);
        expect(told.at(-1)?.failingRegions).toEqual(failing);
        expect(new Set(told.map(({ dedupKey }) => dedupKey)).size).toBe(1);
      }),
      RUNS,
    );
  });

  test('is not missed when it lasts longer than interval + 30 s + alertAfterSeconds', () => {
    fc.assert(
      fc.property(world, ({ failing, from, fate, intervalSeconds, alertAfterSeconds }) => {
        const out = during(from, from + (intervalSeconds + 30 + alertAfterSeconds) * 1000 + 5_000);
        const { told } = run({
          endpoint: () => shop({ intervalSeconds, alertAfterSeconds }),
          truth: (region, at) => (out(at) && failing.includes(region) ? fate : 'pass'),
          durationMs: 60 * MINUTE,
        });
        expect(told.map(({ event }) => event)).toContain('trigger');
        expect(told.at(-1)).toMatchObject({ event: 'resolve', end: 'recovered' });
      }),
      RUNS,
    );
  });
});
