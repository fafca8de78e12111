import { describe, expect, test } from 'vitest';
import { follow } from '../../lib/verdict/region-fold.ts';
import type { RegionState } from '../../lib/verdict/region-state.ts';
import { reportOf } from '../../lib/verdict/report.ts';
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

describe('reports', () => {
  test('a failing region shows its failing try, not the inconclusive one after it', () => {
    const region = seen([0, 'refused'], [5, 'filtered'], [20, 'inconclusive']);
    expect(reportOf('a', region, START + 21_000, 60)).toMatchObject({
      state: 'failing',
      since: '2026-11-20T03:00:00.000Z',
      at: '2026-11-20T03:00:05.000Z',
      evidence: 'filtered',
      address: X,
      tries: 2,
    });
  });

  test('a silent region says since when', () => {
    const region = seen([0, 'pass'], [20, 'inconclusive']);
    expect(reportOf('a', region, START + 400_000, 60)).toMatchObject({
      state: 'unknown',
      since: '2026-11-20T03:00:00.000Z',
      evidence: 'inconclusive',
    });
    expect(reportOf('a', undefined, START, 60)).toMatchObject({
      state: 'unknown',
      since: null,
      at: null,
      outcome: null,
    });
  });
});
