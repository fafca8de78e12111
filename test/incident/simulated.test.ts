import { describe, expect, test } from 'vitest';
import { REGIONS, run } from '../support/judging.ts';
import { type Fate, START, shop } from '../support/tries.ts';

/** Cases that the simulation found, as small as they get. See docs/simulation.md. */

const at = (seconds: number): number => START + seconds * 1000;
const during = (from: number, to: number) => (now: number) => now >= at(from) && now < at(to);
const quick = () => shop({ alertAfterSeconds: 0 });
const slow = () => shop({ intervalSeconds: 300 });
const durationMs = 1_800_000;
const HOUR_MS = 3_600_000;

describe('clocks that differ', () => {
  const out = during(300, 900);

  test.each([-3_000, -500, 500, 3_000])('%i ms: one region of six is told as partial', (skew) => {
    for (const region of REGIONS) {
      const { told } = run({
        durationMs,
        endpoint: slow,
        skewMs: (from) => (from === region ? skew : 0),
        truth: (from, now) => (from === 'b' && out(now) ? 'refused' : 'pass'),
      });
      expect(told.map(({ event, kind }) => `${event} ${kind}`)).toEqual([
        'trigger partial',
        'resolve partial',
      ]);
      expect(told[0]?.failingRegions).toEqual(['b']);
    }
  });

  test.each([-3_000, -500, 500, 3_000])('%i ms: an outage is told as down', (skew) => {
    for (const region of REGIONS) {
      const { told } = run({
        durationMs,
        endpoint: slow,
        skewMs: (from) => (from === region ? skew : 0),
        truth: (_region, now) => (out(now) ? 'refused' : 'pass'),
      });
      expect(told.map(({ event, kind }) => `${event} ${kind}`)).toEqual(['trigger down', 'resolve down']);
    }
  });
});

describe('two tries that get lost, 5 s apart', () => {
  const lost = (tries: number, fate: Fate = 'filtered') => {
    let left = tries;
    return run({
      durationMs,
      endpoint: quick,
      delayMs: () => 50,
      truth: (region, now) => {
        if (region !== 'c' || now < at(320) || left === 0) return 'pass';
        left -= 1;
        return fate;
      },
    }).told.map(({ event }) => event);
  };

  test('in one region are told to nobody', () => {
    expect(lost(2)).toEqual([]);
  });

  test('and a third one are', () => {
    expect(lost(3)).toEqual(['trigger', 'resolve']);
  });

  test('of queries it takes a fourth one', () => {
    expect(lost(3, 'unanswered')).toEqual([]);
    expect(lost(4, 'unanswered')).toEqual(['trigger', 'resolve']);
  });
});

describe('one dead address of several', () => {
  const [A, B, C] = ['203.0.113.7', '203.0.113.8', '203.0.113.9'];

  test('is told as that where only one region watches, once that has tried another', () => {
    const out = during(300, 600);
    const { told } = run({
      durationMs,
      regions: ['a'],
      endpoint: () => shop({ intervalSeconds: 10 }),
      addresses: () => [A, B, C],
      truth: (_region, now, address) => (out(now) && address === B ? 'refused' : 'pass'),
    });
    expect(new Set(told.map(({ rule }) => rule))).toEqual(new Set(['dead_address_from_some']));
  });

  /** It comes and goes: so many seconds dead, so many well, for an hour. */
  const flapping = (dead: number, well: number, regions: readonly string[], addresses: readonly string[]) =>
    run({
      durationMs: 2 * HOUR_MS,
      regions,
      addresses: () => addresses,
      truth: (_region, now, address) => {
        const dies = during(300, 3_900)(now) && ((now - at(300)) / 1000) % (dead + well) < dead;
        return dies && address === A ? 'filtered' : 'pass';
      },
    })
      .told.filter(({ event }) => event === 'trigger')
      .map(({ rule }) => rule);

  test('that fails again while its recovery is being confirmed is told as that', () => {
    for (let dead = 40; dead < 110; dead += 1) {
      const well = 25;
      const rules = flapping(dead, well, ['a', 'b'], [A, B, C]);
      expect(new Set(rules)).toEqual(new Set(['dead_address_from_some']));
    }
  });

  test('that is back is not told as a region that is cut off from it', () => {
    for (let dead = 50; dead < 90; dead += 1) {
      const rules = flapping(dead, 155, ['a', 'b', 'c'], [A, B]);
      expect(new Set(rules)).toEqual(new Set(['dead_address_from_some']));
    }
  });

  test('of another region is over for a region that is not given it, once that reaches its own', () => {
    const given = (region: string) => [region === 'a' ? A : B];
    const { told, incidents } = run({
      durationMs: HOUR_MS,
      addresses: given,
      endpoint: () => shop({ intervalSeconds: 600, alertAfterSeconds: 300 }),
      truth: (_region, now) => (during(595, 720)(now) ? 'refused' : 'pass'),
    });
    expect(told).toEqual([]);
    const [only] = incidents.values();
    expect((only?.endedAt ?? 0) - at(720)).toBeLessThan(300_000);
  });
});
