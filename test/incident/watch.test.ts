import { describe, expect, test } from 'vitest';
import { WatchLife } from '../support/watch-life.ts';

const BAD = { passed: 0, tried: 3, syns: 0, lost: 0 };

describe('region_unhealthy', () => {
  test('one unhealthy sign is looked at again and tells nothing', () => {
    const life = new WatchLife();
    life.sign('a', false);
    expect(life.judge()).toEqual([]);
    expect(life.looks).toEqual([{ region: 'a', dueMs: life.now + 5_050 }]);
    life.pass(5.05).sign('a', true);
    expect(life.judge()).toEqual([]);
    expect(life.looks).toEqual([]);
  });

  test('two that are 5 s apart open it; two healthy ones that are, end it', () => {
    const life = new WatchLife();
    const since = life.now;
    life.sign('a', false, BAD).pass(5).sign('a', false, BAD);
    expect(life.judge()).toEqual(['trigger region_unhealthy a']);
    expect(life.told[0]).toMatchObject({ sequence: 1, finding: { since, passed: 0, tried: 3 } });
    life.pass(60).sign('a', true);
    expect(life.judge()).toEqual([]);
    expect(life.looks).toEqual([{ region: 'a', dueMs: life.now + 5_050 }]);
    life.pass(5).sign('a', true);
    expect(life.judge()).toEqual(['resolve region_unhealthy a']);
    expect(life.told.map(({ dedupKey }) => dedupKey)).toEqual([
      life.told[0]?.dedupKey,
      life.told[0]?.dedupKey,
    ]);
    expect(life.state.uncopied).toMatchObject([{ end: 'recovered', endedAt: life.now }]);
  });

  test('a healthy sign between two unhealthy ones is a beginning anew', () => {
    const life = new WatchLife();
    life.sign('a', false).pass(4).sign('a', true).pass(4).sign('a', false);
    expect(life.judge()).toEqual([]);
  });

  test('one healthy sign and a minute without another ends it', () => {
    const life = new WatchLife();
    life.sign('a', false).pass(5).sign('a', false);
    life.judge();
    life.pass(10).sign('a', true).pass(59);
    expect(life.judge()).toEqual([]);
    expect(life.pass(1).judge()).toEqual(['resolve region_unhealthy a']);
  });

  test('while it lasts it is looked at each minute, whatever the intervals', () => {
    const life = new WatchLife({ intervalSeconds: 600 });
    life.sign('a', false).pass(5).sign('a', false);
    life.judge();
    expect(life.looks).toEqual([]);
    life.pass(60).judge();
    expect(life.looks).toEqual([{ region: 'a', dueMs: life.now }]);
  });

  test('what comes and goes is told once in ten minutes, and what stays is told then', () => {
    const life = new WatchLife();
    const told: string[] = [];
    for (let second = 0; second < 1_200; second += 20) {
      life.sign('b', true).sign('a', false).pass(6).sign('a', false);
      told.push(...life.judge());
      life.pass(7).sign('a', true).pass(6).sign('a', true).pass(1);
      told.push(...life.judge());
    }
    expect(told).toEqual(
      ['trigger', 'resolve', 'trigger', 'resolve'].map((event) => `${event} region_unhealthy a`),
    );
    const since = life.now;
    life.sign('a', false);
    for (let minute = 0; minute < 11; minute += 1) {
      life.pass(60).sign('b', true).sign('a', false);
      told.push(...life.judge());
    }
    expect(told.slice(4)).toEqual(['trigger region_unhealthy a']);
    expect(life.told.at(-1)?.finding.since).toBe(since);
  });
});

describe('region_silent', () => {
  test('opens when nothing has been noted for three minutes', () => {
    const life = new WatchLife();
    life.sign('b', true);
    const since = life.now;
    const told = life.minutes(4, ({ region }) => region === 'a');
    expect(told).toEqual(['trigger region_silent b']);
    expect(life.told[0]).toMatchObject({ at: since + 240_000, finding: { since } });
    life.pass(2).sign('b', null);
    expect(life.judge()).toEqual(['resolve region_silent b']);
  });

  test('waits for two rounds of the fastest cohort and a minute', () => {
    const life = new WatchLife({ intervalSeconds: 600 });
    life.sign('b', true);
    expect(life.minutes(21, ({ region }) => region === 'a')).toEqual([]);
    expect(life.minutes(2, ({ region }) => region === 'a')).toEqual(['trigger region_silent b']);
  });

  test('counts for a region that never noted from when it was first expected to', () => {
    const life = new WatchLife();
    life.forget('b');
    const since = life.now;
    expect(life.minutes(5, ({ region }) => region === 'a')).toEqual(['trigger region_silent b']);
    expect(life.told[0]?.finding.since).toBe(since);
  });

  test('is not expected to speak while nothing is watched, nor at once when something is', () => {
    const life = new WatchLife({ intervalSeconds: null });
    expect(life.minutes(60, () => false)).toEqual([]);
    life.intervalSeconds = 600;
    expect(life.minutes(10, () => false)).toEqual([]);
    life.intervalSeconds = 10;
    expect(life.minutes(3, () => false)).toEqual([]);
    expect(life.minutes(2, () => false)).toEqual(['trigger region_silent a', 'trigger region_silent b']);
    life.intervalSeconds = null;
    expect(life.pass(1).judge()).toEqual(['resolve region_silent a', 'resolve region_silent b']);
    expect(life.told.map(({ end }) => end)).toEqual([null, null, 'no_longer_watched', 'no_longer_watched']);
  });

  test('tells nothing when home was away and the regions note again within a minute', () => {
    const life = new WatchLife();
    life.sign('a', true).sign('b', true).pass(600);
    expect(life.judge()).toEqual([]);
    life.pass(30).sign('a', true).sign('b', true).pass(30);
    expect(life.judge()).toEqual([]);
  });

  test('a nudge, which says nothing of cohorts, leaves what is expected as it was', () => {
    const life = new WatchLife();
    life.judge();
    const { expected } = life.state;
    life.intervalSeconds = undefined;
    life.pass(1).judge();
    expect(life.state.expected).toEqual(expected);
  });
});

test('an unhealthy region that falls silent and comes back is one incident', () => {
  const life = new WatchLife();
  life.sign('a', false).pass(5).sign('a', false);
  const told = life.judge();
  told.push(...life.minutes(6, ({ region }) => region === 'b'));
  life.sign('a', false);
  told.push(...life.judge());
  told.push(...life.minutes(6, ({ region }) => region === 'b'));
  life.sign('a', true);
  told.push(...life.judge());
  expect(told).toEqual([
    'trigger region_unhealthy a',
    'update region_silent a',
    'update region_unhealthy a',
    'update region_silent a',
    'resolve region_silent a',
  ]);
  expect(new Set(life.told.map(({ dedupKey }) => dedupKey)).size).toBe(1);
  expect(life.told.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
});

test('a region that is taken out ends its incident', () => {
  const life = new WatchLife();
  life.sign('a', false).pass(5).sign('a', false);
  life.judge();
  life.regions = ['b'];
  expect(life.judge()).toEqual(['resolve region_unhealthy a']);
  expect(life.told.at(-1)?.end).toBe('no_longer_watched');
});

test('the same facts again change nothing', () => {
  const life = new WatchLife();
  life.sign('a', false).pass(5).sign('a', false);
  life.judge();
  expect(life.again().changed).toBe(false);
});

test('no orders are sent to a region that does not listen', () => {
  const life = new WatchLife();
  life.sign('a', false).pass(5).sign('a', false);
  life.judge();
  life.minutes(10, ({ region }) => region === 'b');
  expect(life.looks).toEqual([]);
});
