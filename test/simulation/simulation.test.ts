import { describe, expect, test } from 'vitest';
import { Chance } from './chance.ts';
import { countsOf } from './counts.ts';
import { bursts, Path, steady } from './loss.ts';
import { MIXES, type MixName } from './mix.ts';
import { simulate } from './simulate.ts';

const lived = (seed: number, endpoints: number, days: number, mix: MixName) =>
  Array.from({ length: endpoints }, (_, endpoint) => simulate(seed, endpoint, days, MIXES[mix]));

describe('simulated days', () => {
  test('of endpoints with which nothing is ever wrong: no alert, whatever becomes of regions, rounds and messages', () => {
    const all = lived(11, 20, 2, 'noise');
    expect(countsOf(all).findings).toMatchObject({ false: 0, early: 0, wrong_kind: 0 });
    expect(countsOf(all).extraTriesPerEndpointDay).toBeGreaterThan(1);
  });

  test('of outages on a network that loses one packet in a hundred: each is told, and nothing else', () => {
    const all = lived(12, 30, 1, 'outages');
    const { findings, owed, detectionSeconds } = countsOf(all);
    expect(findings).toMatchObject({ false: 0, missed: 0, missed_unseen: 0 });
    expect(owed).toBeGreaterThan(30);
    const { p50 } = detectionSeconds['60 s'] ?? { p50: null };
    expect(p50).toBeLessThan(60);
  });

  test('of everything at once: no outage that could be seen is missed', () => {
    expect(countsOf(lived(13, 12, 1, 'rough')).findings.missed).toBe(0);
  });

  test('are the same again for the same seed, and others for another', () => {
    expect(lived(14, 2, 1, 'usual')).toEqual(lived(14, 2, 1, 'usual'));
    expect(lived(14, 2, 1, 'usual')).not.toEqual(lived(15, 2, 1, 'usual'));
  });
});

describe('a path that loses packets', () => {
  const outOf = 400_000;
  test.each([
    ['steadily', steady(0.1)],
    ['in bursts', bursts(0.05, 2_000)],
  ])('%s: as many tries fail as are known to', (_name, loss) => {
    const path = new Path(loss, 'http2', new Chance(16));
    let failed = 0;
    for (let number = 0; number < outOf; number += 1) {
      if (path.climb(number * 600_000) !== 'pass') failed += 1;
    }
    expect(failed / outOf / path.failing).toBeGreaterThan(0.9);
    expect(failed / outOf / path.failing).toBeLessThan(1.1);
  });
});
