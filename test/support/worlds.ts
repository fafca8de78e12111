import fc from 'fast-check';
import { INTERVALS } from '../../lib/endpoint/endpoint.ts';
import type { World } from './judging.ts';
import { type Fate, START } from './tries.ts';

export const MINUTE = 60_000;
export const RUNS = { numRuns: 60 };

export const evidence = fc.constantFrom<Fate>('refused', 'filtered', 'interfered', 'listening', 'unresolved');
export const interval = fc.constantFrom(...INTERVALS);
export const alertAfter = fc.constantFrom(0, 30, 75, 200);

/** Numbers in [0, 1), the same again for the same seed. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A rough world: messages take up to 10 s, are doubled and get lost, the judge dies at any step. */
export function rough(seed: number, how: { lost?: number; dies?: number } = {}): Partial<World> {
  const next = random(seed);
  return {
    delayMs: () => next() * 10_000,
    twice: () => next() < 0.2,
    lost: () => next() < (how.lost ?? 0),
    dies: () => next() < (how.dies ?? 0),
  };
}

export const during = (from: number, to: number) => (at: number) => at >= START + from && at < START + to;
