import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REGIONS, run } from '../support/judging.ts';
import { type Fate, START, shop } from '../support/tries.ts';
import { alertAfter, during, evidence, interval, MINUTE, RUNS, random, rough } from '../support/worlds.ts';

const A = '203.0.113.7';
const B = '203.0.113.8';
const addresses = () => [A, B];

describe('a name of two addresses', () => {
  test('its total outage never publishes `partial`', () => {
    const world = fc.record({
      seed: fc.nat(),
      from: fc.integer({ min: 10 * MINUTE, max: 18 * MINUTE }),
      lasts: fc.oneof(fc.integer({ min: 1, max: 30_000 }), fc.integer({ min: 30_000, max: 20 * MINUTE })),
      fates: fc.array(evidence, { minLength: 6, maxLength: 6 }),
      intervalSeconds: interval,
      alertAfterSeconds: alertAfter,
    });
    fc.assert(
      fc.property(world, ({ seed, from, lasts, fates, intervalSeconds, alertAfterSeconds }) => {
        const out = during(from, from + lasts);
        const { told, incidents } = run({
          ...rough(seed, { lost: 0.05, dies: 0.02 }),
          addresses,
          endpoint: () => shop({ intervalSeconds, alertAfterSeconds }),
          truth: (region, at) => (out(at) ? (fates[REGIONS.indexOf(region)] ?? 'refused') : 'pass'),
          durationMs: 50 * MINUTE,
        });
        expect(told.filter(({ kind }) => kind === 'partial')).toEqual([]);
        expect([...incidents.values()].filter(({ kind }) => kind === 'partial')).toEqual([]);
      }),
      RUNS,
    );
  });

  test('one of them dead is never `down`, and is over once it is back', () => {
    const world = fc.record({
      seed: fc.nat(),
      from: fc.integer({ min: 10 * MINUTE, max: 18 * MINUTE }),
      fate: fc.constantFrom<Fate>('refused', 'filtered', 'interfered'),
      intervalSeconds: interval,
      alertAfterSeconds: alertAfter,
    });
    fc.assert(
      fc.property(world, ({ seed, from, fate, intervalSeconds, alertAfterSeconds }) => {
        const next = random(seed);
        const out = during(from, from + 60 * MINUTE);
        const { told, incidents } = run({
          delayMs: () => next() * 1000,
          addresses,
          endpoint: () => shop({ intervalSeconds, alertAfterSeconds }),
          truth: (_region, at, address) => (out(at) && address === A ? fate : 'pass'),
          durationMs: 120 * MINUTE,
        });
        expect([...incidents.values()].map(({ kind, end }) => [kind, end])).toEqual([
          ['partial', 'recovered'],
        ]);
        expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(['partial']));
        expect(told.map(({ event }) => event).join(' ')).toMatch(/^trigger( update)* resolve$/);
      }),
      RUNS,
    );
  });

  test('one after the other is `down` once both are dead', () => {
    const world = fc.record({ seed: fc.nat(), fate: fc.constantFrom<Fate>('refused', 'filtered') });
    fc.assert(
      fc.property(world, ({ seed, fate }) => {
        const next = random(seed);
        const { told } = run({
          delayMs: () => next() * 1000,
          addresses,
          endpoint: () => shop({ alertAfterSeconds: 0 }),
          truth: (_region, at, address) => {
            const from = START + (address === A ? 10 : 25) * MINUTE;
            return at >= from && at < START + 40 * MINUTE ? fate : 'pass';
          },
          durationMs: 60 * MINUTE,
        });
        const down = told.find(({ kind }) => kind === 'down');
        expect((down?.at ?? 0) - (START + 25 * MINUTE)).toBeLessThan(75_000);
        expect(told[0]?.kind).toBe('partial');
        expect(new Set(told.map(({ dedupKey }) => dedupKey)).size).toBe(1);
        expect(told.at(-1)?.event).toBe('resolve');
      }),
      RUNS,
    );
  });
});

describe('a region that is given an address of its own', () => {
  const C = '203.0.113.9';
  const given = (region: string) => (region === 'a' ? [C] : [A]);
  const world = fc.record({
    seed: fc.nat(),
    from: fc.integer({ min: 10 * MINUTE, max: 12 * MINUTE }),
    fate: fc.constantFrom<Fate>('refused', 'filtered', 'interfered'),
    intervalSeconds: interval,
    alertAfterSeconds: alertAfter,
  });
  type Case = typeof world extends fc.Arbitrary<infer T> ? T : never;
  const told = (
    { seed, from, fate, intervalSeconds, alertAfterSeconds }: Case,
    reach: 'others' | 'nothing',
  ) => {
    const next = random(seed);
    const out = during(from, from + 30 * MINUTE);
    return run({
      delayMs: () => next() * 1000,
      addresses: given,
      endpoint: () => shop({ intervalSeconds, alertAfterSeconds }),
      truth: (region, at, address) => {
        if (!out(at)) return 'pass';
        if (address === C) return fate;
        return region === 'a' && reach === 'nothing' ? 'filtered' : 'pass';
      },
      durationMs: 120 * MINUTE,
    }).told;
  };

  test('is told as a dead address when it reaches what the others are given', () => {
    fc.assert(
      fc.property(world, (one) => {
        const alerts = told(one, 'others');
        expect(new Set(alerts.map(({ rule }) => rule))).toEqual(new Set(['dead_address_from_some']));
        expect(alerts[0]?.regions.find(({ region }) => region === 'a')).toMatchObject({
          address: C,
          elsewhere: { address: A, outcome: 'ok' },
        });
      }),
      RUNS,
    );
  });

  test('is told as blocked when it does not', () => {
    fc.assert(
      fc.property(world, (one) => {
        const alerts = told(one, 'nothing');
        expect(new Set(alerts.map(({ rule }) => rule))).toEqual(new Set(['blocked_from_some']));
        expect(alerts[0]?.regions.find(({ region }) => region === 'a')).toMatchObject({
          address: C,
          elsewhere: { address: A, outcome: 'timeout' },
        });
        expect(alerts.map(({ event }) => event)).toEqual(['trigger', 'resolve']);
      }),
      RUNS,
    );
  });
});
