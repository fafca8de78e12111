import { expect, it } from 'vitest';
import { longestFirst } from '../../lib/flow/probe.ts';
import type { Try } from '../../lib/probe/group.ts';
import { endpoint } from '../store/values.ts';

const tryOf = (id: string, address: string | null): Try => ({
  target: { ...endpoint(id), tag: 1 },
  address,
  pin: 'if_resolved',
  orOther: false,
  rotation: 0,
});

it('what is known to fail begins first, the others in their order', () => {
  const tries = [tryOf('a', null), tryOf('b', '203.0.113.7'), tryOf('c', null), tryOf('d', '203.0.113.8')];
  expect(longestFirst(tries).map(({ target }) => (target as unknown as { id: string }).id)).toEqual([
    'b',
    'd',
    'a',
    'c',
  ]);
});
