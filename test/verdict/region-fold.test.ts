import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unknownAfterMs } from '../../lib/endpoint/cohort.ts';
import { afterProof, follow, forgotten, stateAt } from '../../lib/verdict/region-fold.ts';
import type { RegionState } from '../../lib/verdict/region-state.ts';
import { type Fate, START, tried } from '../support/tries.ts';

const interval = { intervalSeconds: 60 };
const X = '203.0.113.7';

const at = (seconds: number, fate: Fate, address = X) =>
  tried(fate, { tag: 1, at: START + seconds * 1000, address });

function seen(...tries: readonly (readonly [number, Fate])[]): RegionState {
  const state = follow(
    undefined,
    tries.map(([seconds, fate]) => at(seconds, fate)),
    interval,
  );
  if (!state) throw new Error('nothing was seen');
  return state;
}

describe('states', () => {
  test.each([
    ['passing', [[0, 'pass']], 0],
    [
      'suspect',
      [
        [0, 'pass'],
        [60, 'refused'],
      ],
      60,
    ],
    [
      'suspect',
      [
        [0, 'refused'],
        [4.9, 'refused'],
      ],
      0,
    ],
    [
      'failing',
      [
        [0, 'refused'],
        [5, 'refused'],
      ],
      0,
    ],
    [
      'passing',
      [
        [0, 'refused'],
        [5, 'pass'],
      ],
      5,
    ],
    [
      'recovering',
      [
        [0, 'refused'],
        [5, 'refused'],
        [15, 'pass'],
      ],
      15,
    ],
    [
      'recovering',
      [
        [0, 'refused'],
        [5, 'refused'],
        [15, 'pass'],
        [19, 'pass'],
      ],
      15,
    ],
    [
      'passing',
      [
        [0, 'refused'],
        [5, 'refused'],
        [15, 'pass'],
        [20, 'pass'],
      ],
      15,
    ],
    [
      'failing',
      [
        [0, 'refused'],
        [5, 'refused'],
        [15, 'pass'],
        [20, 'refused'],
      ],
      0,
    ],
    ['unknown', [[0, 'inconclusive']], 0],
    [
      'failing',
      [
        [0, 'refused'],
        [5, 'refused'],
        [15, 'inconclusive'],
      ],
      0,
    ],
    [
      'suspect',
      [
        [0, 'refused'],
        [181, 'refused'],
      ],
      181,
    ],
    [
      'failing',
      [
        [0, 'refused'],
        [180, 'refused'],
      ],
      0,
    ],
  ] as const)('%s', (state, tries, since) => {
    expect(seen(...tries)).toMatchObject({ state, since: START + since * 1000 });
  });

  test('a relapse is the same failing run', () => {
    const region = seen([0, 'refused'], [5, 'refused'], [15, 'pass'], [20, 'filtered']);
    expect(region).toMatchObject({ failingSince: START, tries: 3, failing: { evidence: 'filtered' } });
  });

  test('silence makes it unknown, and nothing of it is lost', () => {
    const region = seen([0, 'refused'], [5, 'refused'], [20, 'inconclusive']);
    const silentMs = unknownAfterMs(60);
    expect(stateAt(region, START + 5_000 + silentMs, 60)).toBe('failing');
    expect(stateAt(region, START + 5_001 + silentMs, 60)).toBe('unknown');
    expect(follow(region, [at(999, 'refused')], interval)?.state).toBe('failing');
  });

  test('the newest eight addresses that passed are remembered', () => {
    const passes = Array.from({ length: 10 }, (_, index) => at(index, 'pass', `203.0.113.${index}`));
    const region = follow(undefined, passes, interval);
    expect(Object.keys(region?.passedAt ?? {}).sort()).toEqual(
      [2, 3, 4, 5, 6, 7, 8, 9].map((n) => `203.0.113.${n}`),
    );
  });
});

describe('another address than the one that fails', () => {
  test.each([
    [60, 'failing'],
    [61, 'recovering'],
  ] as const)(
    'that passes %i s after that one is a recovery once the schedule knows what to try: %s',
    (seconds, state) => {
      const failing = [0, 5, 60, 120].map((second): readonly [number, Fate] => [second, 'refused']);
      const after = follow(seen(...failing), [at(120 + seconds, 'pass', '203.0.113.8')], interval);
      expect(after?.state).toBe(state);
    },
  );

  const Y = '203.0.113.8';
  const failing = seen([0, 'refused'], [5, 'refused']);
  const then = (...tries: Parameters<typeof at>[]) =>
    follow(
      failing,
      tries.map((one) => at(...one)),
      interval,
    );

  test('that passes is no recovery, as long as that one was seen failing lately', () => {
    expect(then([125, 'pass', Y])).toMatchObject({
      state: 'failing',
      failing: { address: X },
      passedAt: { [Y]: START + 125_000 },
      conclusiveAt: START + 125_000,
    });
    expect(then([125.1, 'pass', Y])?.state).toBe('recovering');
    expect(then([125.1, 'pass', Y], [131, 'pass', Y])?.state).toBe('passing');
  });

  test('that passes confirms that it has recovered: one lost try after that is no relapse', () => {
    expect(then([60, 'pass'], [64.9, 'pass', Y])?.state).toBe('recovering');
    expect(then([60, 'pass'], [65, 'pass', Y])?.state).toBe('passing');
    expect(then([60, 'pass'], [65, 'pass', Y], [120, 'filtered', Y])).toMatchObject({
      state: 'suspect',
      tries: 1,
    });
  });

  test('that fails as well takes its place only once that one is tried no more', () => {
    expect(then([61, 'filtered', Y])).toMatchObject({ tries: 3, failing: { address: X } });
    expect(then([126, 'filtered', Y])).toMatchObject({ tries: 3, failing: { address: Y } });
  });

  test('has passed no longer once it fails', () => {
    expect(then([60, 'pass', Y], [61, 'inconclusive', Y])?.passedAt).toEqual({ [Y]: START + 60_000 });
    expect(then([60, 'pass', Y], [61, 'refused', Y])?.passedAt).toEqual({});
  });

  test('that passes ends what is not confirmed', () => {
    const suspect = follow(undefined, [at(0, 'refused'), at(1, 'pass', Y)], interval);
    expect(suspect?.state).toBe('passing');
  });
});

describe('taking in', () => {
  const fate = fc.constantFrom<Fate>('pass', 'refused', 'filtered', 'unresolved', 'inconclusive');
  const tries = fc.uniqueArray(fc.tuple(fc.nat(900), fate), {
    selector: ([seconds]) => seconds,
    minLength: 1,
  });

  test('order, repetition and slicing do not matter', () => {
    fc.assert(
      fc.property(tries, fc.nat(), (some, cut) => {
        const ordered = [...some]
          .sort(([one], [other]) => one - other)
          .map(([seconds, how]) => at(seconds, how));
        const whole = follow(undefined, ordered, interval);
        expect(follow(undefined, [...ordered].reverse(), interval)).toEqual(whole);
        const half = follow(undefined, ordered.slice(0, cut % ordered.length), interval);
        expect(follow(half, ordered, interval)).toEqual(whole);
        expect(follow(whole, ordered, interval)).toBe(whole);
        const conclusive = ordered.filter((one) => one.passed || one.evidence !== 'inconclusive');
        const late = follow(
          undefined,
          [...ordered.filter((one) => !conclusive.includes(one)).slice(-1)],
          interval,
        );
        expect(follow(late, conclusive, interval)?.state ?? 'unknown').toBe(whole?.state);
      }),
    );
  });
});

test('what is forgotten is not taken in again', () => {
  const gone = forgotten(seen([0, 'refused'], [5, 'refused']));
  expect(stateAt(gone, START + 86_400_000, 60)).toBe('unknown');
  expect(follow(gone, [at(0, 'refused'), at(5, 'refused')], interval)).toEqual(gone);
  expect(follow(gone, [at(60, 'refused')], interval)?.state).toBe('suspect');
});

test('what failed before the first proof has to be confirmed anew', () => {
  const failing = seen([0, 'refused'], [5, 'refused'], [60, 'refused']);
  expect(afterProof(failing, START + 61_000)).toMatchObject({
    state: 'suspect',
    failingSince: START + 60_000,
    tries: 1,
  });
  expect(afterProof(failing, START - 1)).toBe(failing);
  const passing = seen([0, 'refused'], [5, 'refused'], [60, 'pass']);
  expect(afterProof(passing, START + 60_000)).toMatchObject({
    state: 'passing',
    failingSince: null,
    failing: null,
  });
});
