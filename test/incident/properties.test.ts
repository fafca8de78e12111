import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { INTERVALS } from '../../lib/endpoint/endpoint.ts';
import { isOfHandshakes } from '../../lib/incident/kinds.ts';
import { REGIONS, run, type World } from '../support/judging.ts';
import { type Fate, START, shop } from '../support/tries.ts';

const MINUTE = 60_000;
const RUNS = { numRuns: 100 };

const evidence = fc.constantFrom<Fate>('refused', 'filtered', 'interfered', 'listening', 'unresolved');
const interval = fc.constantFrom(...INTERVALS);
const alertAfter = fc.constantFrom(0, 30, 75, 200);

/** Numbers in [0, 1), the same again for the same seed. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A rough world: messages take up to 10 s, are doubled and get lost, the judge dies at any step. */
function rough(seed: number, how: { lost?: number; dies?: number } = {}): Partial<World> {
  const next = random(seed);
  return {
    delayMs: () => next() * 10_000,
    twice: () => next() < 0.2,
    lost: () => next() < (how.lost ?? 0),
    dies: () => next() < (how.dies ?? 0),
  };
}

const during = (from: number, to: number) => (at: number) => at >= START + from && at < START + to;

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
