import fc from 'fast-check';
import { expect, test } from 'vitest';
import { silentAfterMs } from '../../lib/incident/watch-region.ts';
import { WatchLife } from '../support/watch-life.ts';

type Step =
  /** Two signs 5 s apart, and a judgement. */
  | { readonly does: 'turn'; readonly region: string; readonly healthy: boolean }
  | { readonly does: 'sign'; readonly region: string; readonly healthy: boolean | null }
  | { readonly does: 'judge'; readonly nudge: boolean; readonly times: number }
  | { readonly does: 'pass'; readonly seconds: number }
  | { readonly does: 'interval'; readonly seconds: number | null }
  | { readonly does: 'regions'; readonly regions: readonly string[] };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant('turn' as const), region: fc.constantFrom('a', 'b'), healthy: fc.boolean() }),
  fc.record({
    does: fc.constant('sign' as const),
    region: fc.constantFrom('a', 'b'),
    healthy: fc.constantFrom(true, false, null),
  }),
  fc.record({
    does: fc.constant('judge' as const),
    nudge: fc.boolean(),
    times: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ does: fc.constant('pass' as const), seconds: fc.constantFrom(0, 1, 5, 10, 55, 60, 120, 700) }),
  fc.record({ does: fc.constant('interval' as const), seconds: fc.constantFrom(null, 10, 60, 600) }),
  fc.record({
    does: fc.constant('regions' as const),
    regions: fc.constantFrom(['a', 'b'], ['a', 'b'], ['a'], []),
  }),
);

function lived(steps: readonly Step[]): WatchLife {
  const life = new WatchLife();
  let intervalSeconds: number | null = 60;
  for (const one of steps) {
    switch (one.does) {
      case 'turn':
        life.sign(one.region, one.healthy).pass(5).sign(one.region, one.healthy).judge();
        break;
      case 'sign':
        life.sign(one.region, one.healthy);
        break;
      case 'judge':
        life.intervalSeconds = one.nudge ? undefined : intervalSeconds;
        for (let time = 0; time < one.times; time += 1) life.judge();
        break;
      case 'pass':
        life.pass(one.seconds);
        break;
      case 'interval':
        intervalSeconds = one.seconds;
        break;
      case 'regions':
        life.regions = one.regions;
        break;
    }
  }
  return life;
}

const RUNS = { numRuns: 1000 };

test('property: whatever is noted, in any order and judged any number of times, a region has one alert at a time', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const { told } = lived(steps);
      for (const region of ['a', 'b']) {
        const open = new Set<string>();
        const opened: number[] = [];
        for (const one of told.filter(({ finding }) => finding.region === region)) {
          const { event, dedupKey, at } = one;
          expect([event, open.size]).toEqual([event, event === 'trigger' ? 0 : 1]);
          if (event === 'trigger') opened.push(at);
          else expect(open.has(dedupKey)).toBe(true);
          if (event === 'resolve') open.delete(dedupKey);
          else open.add(dedupKey);
        }
        const gaps = opened.slice(1).map((at, index) => at - (opened[index] ?? 0));
        expect(gaps.filter((gap) => gap < 600_000)).toEqual([]);
      }
      const names = told.map(({ dedupKey, sequence }) => `${dedupKey} ${sequence}`);
      expect(new Set(names).size).toBe(names.length);
    }),
    RUNS,
  );
});

test('property: a control that is lost now and then tells nothing', () => {
  const lost = fc.record({
    afterSeconds: fc.integer({ min: 0, max: 300 }),
    region: fc.constantFrom('a', 'b'),
  });
  fc.assert(
    fc.property(fc.array(lost, { maxLength: 30 }), (losses) => {
      const life = new WatchLife();
      for (const { afterSeconds, region } of losses) {
        for (let second = 0; second < afterSeconds; second += 60)
          life.pass(60).sign('a', true).sign('b', true).judge();
        life.sign(region, false).judge();
        // What the look says, which is ordered at once.
        expect(life.looks.map((look) => look.region)).toContain(region);
        life.pass(5.05).sign(region, true).judge();
      }
      expect(life.told).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('property: silent is told of a region only when it has said nothing for long enough', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const silent = lived(steps).told.filter(
        ({ event, finding }) => event !== 'resolve' && finding.kind === 'region_silent',
      );
      for (const { at, finding } of silent) expect(at - finding.since).toBeGreaterThan(silentAfterMs(10));
    }),
    RUNS,
  );
});

test('property: once all is well for a while nothing is open', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const life = lived(steps);
      life.intervalSeconds = 60;
      life.regions = ['a', 'b'];
      for (let minute = 0; minute < 3; minute += 1) life.pass(60).sign('a', true).sign('b', true).judge();
      expect(life.state.open).toEqual({});
    }),
    RUNS,
  );
});
