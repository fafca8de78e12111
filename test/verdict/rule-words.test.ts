import { describe, expect, test } from 'vitest';
import { FROM_ALL, FROM_SOME, RULE_MEANS } from '../../lib/outcome/rule-words.ts';
import { handshakesRule, partialRule } from '../../lib/verdict/evidence.ts';
import { follow } from '../../lib/verdict/region-fold.ts';
import type { RegionState } from '../../lib/verdict/region-state.ts';
import { RULES } from '../../lib/verdict/verdict.ts';
import { type Fate, START, tried } from '../support/tries.ts';

const ADDRESS = '203.0.113.7';

function region(fate: Fate, address = ADDRESS): RegionState {
  const observations = [0, 6_000].map((ms) => tried(fate, { tag: 1, at: START + ms, address }));
  const state = follow(undefined, observations, { intervalSeconds: 60 });
  if (!state) throw new Error('two tries and no state');
  return state;
}

describe('what docs/outcomes.md says of the rules is what they do', () => {
  test.each(FROM_SOME)('$evidence from some, same address listens: $sameAddressListens', (row) => {
    const { evidence, sameAddressListens, rule } = row;
    for (const same of sameAddressListens === null ? [true, false] : [sameAddressListens]) {
      const states = { a: region(evidence), b: region('pass', same ? ADDRESS : '203.0.113.8') };
      expect(partialRule(states, ['a'], ['b'], START - 1)).toBe(rule);
    }
  });

  test('every evidence, from one region beside each other: the tables have them all', () => {
    const evidences = ['listening', 'refused', 'filtered', 'interfered', 'unresolved'] as const;
    expect(new Set(FROM_SOME.map(({ evidence }) => evidence))).toEqual(new Set(evidences));
    for (const one of evidences) {
      for (const other of evidences) {
        const row = FROM_ALL.find(({ seen }) => seen.includes(one) && seen.includes(other));
        const states = { a: region(one), b: region(other) };
        expect(handshakesRule(states, ['a', 'b'])).toBe(row?.rule ?? 'fails_everywhere_mixed');
      }
    }
  });

  test('every rule is there, in their order', () => {
    expect(Object.keys(RULE_MEANS)).toEqual([...RULES]);
  });
});
