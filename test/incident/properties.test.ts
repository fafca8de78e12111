import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOfHandshakes } from '../../lib/incident/kinds.ts';
import { REGIONS, run } from '../support/judging.ts';
import { type Fate, START, shop } from '../support/tries.ts';
import { alertAfter, during, evidence, interval, MINUTE, RUNS, random, rough } from '../support/worlds.ts';

describe('whatever happens', () => {
  const fate = fc.constantFrom<Fate | 'silent'>(
    'pass',
    'pass',
    'refused',
    'filtered',
    'inconclusive',
    'silent',
  );
  const world = fc.record({
    seed: fc.nat(),
    /** The fate of each region in each 100 s. */
    fates: fc.array(fc.array(fate, { minLength: 15, maxLength: 15 }), { minLength: 6, maxLength: 6 }),
    alertAfterSeconds: alertAfter,
    intervalSeconds: interval,
    dies: fc.constantFrom(0, 0.15),
  });
  const truthOf = (fates: readonly (readonly (Fate | 'silent')[])[]) => (region: string, at: number) =>
    fates[REGIONS.indexOf(region)]?.[Math.floor((at - START) / 100_000)] ?? 'pass';

  test('no alert names as listening a region whose newest try failed', () => {
    fc.assert(
      fc.property(world, ({ seed, fates, alertAfterSeconds, intervalSeconds, dies }) => {
        const { told, newestWhenDecided } = run({
          ...rough(seed, { dies, lost: 0.05 }),
          endpoint: () => shop({ alertAfterSeconds, intervalSeconds }),
          truth: truthOf(fates),
          durationMs: 40 * MINUTE,
        });
        for (const { dedupKey, sequence, listeningRegions } of told) {
          const newest = newestWhenDecided.get(`${dedupKey}#${sequence}`);
          for (const region of listeningRegions) expect(newest?.get(region)?.passed).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test('each incident tells one trigger, then updates, then at most one resolve, in sequence', () => {
    fc.assert(
      fc.property(world, ({ seed, fates, alertAfterSeconds, intervalSeconds, dies }) => {
        const { told, incidents } = run({
          ...rough(seed, { dies, lost: 0.05 }),
          endpoint: () => shop({ alertAfterSeconds, intervalSeconds }),
          truth: truthOf(fates),
          durationMs: 60 * MINUTE,
        });
        for (const id of new Set(told.map(({ dedupKey }) => dedupKey))) {
          const mine = told.filter(({ dedupKey }) => dedupKey === id);
          const once = mine.filter(
            (one, index) => mine.findIndex(({ sequence }) => sequence === one.sequence) === index,
          );
          expect(once.map(({ sequence }) => sequence)).toEqual(once.map((_, index) => index + 1));
          expect(once.map(({ event }) => event).join(' ')).toMatch(/^trigger( update)*( resolve)?$/);
          // Changes are told once a minute at most; the end is told at once.
          const paced = once.filter(({ event }) => event !== 'resolve').map(({ at }) => at);
          for (const [index, at] of paced.slice(1).entries()) {
            expect(at - (paced[index] ?? 0)).toBeGreaterThanOrEqual(MINUTE);
          }
          // What is told twice after a crash is the same to the letter.
          for (const one of mine) expect(one).toEqual(once[one.sequence - 1]);
          expect(incidents.get(id)?.toldAt).toBe(once[0]?.at);
        }
      }),
      RUNS,
    );
  });

  test('a judge that dies anywhere adds no dedupKey', () => {
    const short = fc.record({ seed: fc.nat(), failing: fc.subarray([...REGIONS], { minLength: 1 }) });
    fc.assert(
      fc.property(short, ({ seed, failing }) => {
        const out = during(3 * MINUTE, 20 * MINUTE);
        const { told } = run({
          dies: rough(seed, { dies: 0.3 }).dies ?? (() => false),
          truth: (region, at) => (out(at) && failing.includes(region) ? 'refused' : 'pass'),
          durationMs: 60 * MINUTE,
        });
        expect(new Set(told.map(({ dedupKey }) => dedupKey)).size).toBe(1);
        expect(told.at(-1)?.event).toBe('resolve');
      }),
      RUNS,
    );
  });
});

describe('what is no reason for an alert', () => {
  test('one failing try', () => {
    const world = fc.record({
      seed: fc.nat(),
      region: fc.constantFrom(...REGIONS),
      at: fc.nat(20),
      fate: evidence,
      intervalSeconds: interval,
    });
    fc.assert(
      fc.property(world, ({ seed, region, at, fate, intervalSeconds }) => {
        let tries = 0;
        const { told, incidents } = run({
          ...rough(seed),
          endpoint: () => shop({ intervalSeconds, alertAfterSeconds: 0 }),
          truth: (from) => {
            if (from !== region) return 'pass';
            tries += 1;
            return tries === at + 2 ? fate : 'pass';
          },
          durationMs: 60 * MINUTE,
        });
        expect([told, [...incidents.keys()]]).toEqual([[], []]);
      }),
      RUNS,
    );
  });

  test('inconclusive evidence', () => {
    const world = fc.record({ seed: fc.nat(), sick: fc.subarray([...REGIONS], { maxLength: 5 }) });
    fc.assert(
      fc.property(world, ({ seed, sick }) => {
        const next = random(seed);
        const { told, incidents } = run({
          truth: (region) => (sick.includes(region) && next() < 0.9 ? 'inconclusive' : 'pass'),
          endpoint: () => shop({ alertAfterSeconds: 0 }),
          durationMs: 40 * MINUTE,
        });
        expect([told, [...incidents.keys()]]).toEqual([[], []]);
      }),
      RUNS,
    );
  });

  test('a packet in a hundred lost, for a day', () => {
    const next = random(7);
    const { told } = run({
      truth: () => (next() < 0.01 ? 'filtered' : 'pass'),
      durationMs: 24 * 60 * MINUTE,
    });
    expect(told).toEqual([]);
  });
});

describe('silence', () => {
  test('never resolves', () => {
    const world = fc.record({
      seed: fc.nat(),
      failing: fc.subarray([...REGIONS], { minLength: 1 }),
      silent: fc.subarray([...REGIONS], { minLength: 1 }),
      /** Silent or without anything conclusive. */
      fate: fc.constantFrom<'silent' | 'inconclusive'>('silent', 'inconclusive'),
    });
    fc.assert(
      fc.property(world, ({ seed, failing, silent, fate }) => {
        const lost = failing.filter((region) => silent.includes(region));
        fc.pre(lost.length > 0);
        const { told, state } = run({
          ...rough(seed),
          truth: (region, at) => {
            if (at >= START + 15 * MINUTE) return silent.includes(region) ? fate : 'pass';
            return at >= START + 5 * MINUTE && failing.includes(region) ? 'refused' : 'pass';
          },
          durationMs: 180 * MINUTE,
        });
        expect(told.filter(({ event }) => event === 'resolve')).toEqual([]);
        expect(state?.incident && isOfHandshakes(state.incident.kind)).toBe(true);
      }),
      RUNS,
    );
  });
});
