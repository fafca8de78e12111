import { expect, test } from 'vitest';
import { ruleOfCheck } from '../../lib/verdict/check-rule.ts';
import { follow } from '../../lib/verdict/region-fold.ts';
import { type Fate, START, tried } from '../support/tries.ts';

const [X, Y] = ['203.0.113.7', '203.0.113.8'];

const scenarios: readonly {
  readonly name: string;
  readonly tries: readonly (readonly [Fate, string])[];
  readonly expect: ReturnType<typeof ruleOfCheck>;
}[] = [
  { name: 'nobody answered', tries: [], expect: null },
  { name: 'nothing conclusive', tries: [['inconclusive', X]], expect: null },
  {
    name: 'all pass',
    tries: [
      ['pass', X],
      ['pass', Y],
    ],
    expect: 'reachable',
  },
  {
    name: 'one passes, one says nothing',
    tries: [
      ['pass', X],
      ['inconclusive', X],
    ],
    expect: 'reachable',
  },
  {
    name: 'silence from one',
    tries: [
      ['pass', X],
      ['filtered', X],
    ],
    expect: 'blocked_from_some',
  },
  {
    name: 'refused from one',
    tries: [
      ['pass', X],
      ['refused', X],
    ],
    expect: 'refused_from_some',
  },
  {
    name: 'another address',
    tries: [
      ['pass', X],
      ['filtered', Y],
    ],
    expect: 'dead_address_from_some',
  },
  {
    name: 'a bad certificate from one',
    tries: [
      ['pass', X],
      ['listening', X],
    ],
    expect: 'handshake_differs',
  },
  {
    name: 'only one says anything',
    tries: [
      ['refused', X],
      ['inconclusive', X],
    ],
    expect: 'failing_where_seen',
  },
  {
    name: 'refused by all',
    tries: [
      ['refused', X],
      ['refused', X],
    ],
    expect: 'not_listening',
  },
  {
    name: 'silence everywhere',
    tries: [
      ['filtered', X],
      ['filtered', X],
    ],
    expect: 'unreachable_everywhere',
  },
];

test.each(scenarios)('$name: $expect', ({ tries, expect: rule }) => {
  const states = tries.flatMap(([fate, address], index) => {
    const state = follow(undefined, [tried(fate, { tag: 0, at: START + index, address })], {
      intervalSeconds: 60,
    });
    return state ? [[`region-${index}`, state] as const] : [];
  });
  expect(ruleOfCheck(Object.fromEntries(states))).toBe(rule);
});
