import { describe, expect, test } from 'vitest';
import { type Again, failingAtAll, firstRetry, isNews, newsOf, nextRetry } from '../../lib/round/news.ts';
import type { Observation } from '../../lib/round/observation.ts';
import { type Fate, START, tried } from '../support/tries.ts';

const X = '203.0.113.7';
const Y = '203.0.113.8';

const at = (seconds: number, fate: Fate, address = X, tag = 1): Observation =>
  tried(fate, { tag, at: START + seconds * 1000, address });

/** Seconds after the start at which a chain tries, each on time, until it ends; `how` says how the tries end. */
function chain(
  alertAfterSeconds: number,
  how: (seconds: number) => Fate,
  attention = new Set<number>(),
): number[] {
  const alertAfter = () => alertAfterSeconds;
  const first = at(0, how(0));
  const times: number[] = [];
  let retry = firstRetry(
    [first],
    [first].filter((one) => isNews(one, attention)),
    alertAfter,
  );
  while (retry && times.length < 50) {
    const seconds = (retry.dueMs - START) / 1000;
    times.push(Math.floor(seconds));
    const observation = at(seconds, how(seconds));
    retry = nextRetry(
      retry.tries,
      [observation],
      [observation].filter((one) => isNews(one, attention)),
      alertAfter,
    );
  }
  return times;
}

describe('news', () => {
  const known = new Set([1]);
  test('is what differs from what is known', () => {
    expect(isNews(at(0, 'refused'), new Set())).toBe(true);
    expect(isNews(at(0, 'pass'), new Set())).toBe(false);
    expect(isNews(at(0, 'pass'), known)).toBe(true);
    expect(isNews(at(0, 'refused'), known)).toBe(false);
    expect(isNews(at(0, 'inconclusive'), new Set())).toBe(false);
    expect(isNews(at(0, 'inconclusive'), known)).toBe(false);
  });
});

describe('a round of two addresses', () => {
  const known = new Set([1]);
  const other = at(1, 'refused', X, 2);
  const passes = at(1, 'pass', Y);

  test('is no news where one is known to fail and does', () => {
    expect(newsOf([at(0, 'refused'), passes], known)).toEqual([]);
    expect(newsOf([at(0, 'refused'), passes, other], known)).toEqual([other]);
    expect(newsOf([passes, other], known)).toEqual([passes, other]);
    expect(newsOf([at(0, 'inconclusive'), passes], known)).toEqual([passes]);
    expect(newsOf([at(0, 'refused'), passes], new Set())).toEqual([at(0, 'refused')]);
  });

  test('fails at all where neither passes', () => {
    expect([...failingAtAll([at(0, 'refused'), at(1, 'refused', Y), other], new Set([1, 2]))]).toEqual([1]);
    expect([...failingAtAll([at(0, 'refused'), passes], known)]).toEqual([]);
    expect([...failingAtAll([at(0, 'refused'), at(1, 'inconclusive', Y)], known)]).toEqual([]);
    expect([...failingAtAll([at(0, 'refused'), at(1, 'refused', Y)], new Set())]).toEqual([]);
  });
});

describe('the chain of retries', () => {
  test('lasts until the incident may be told, and one try beyond', () => {
    expect(chain(0, () => 'refused')).toEqual([5, 10, 15, 25]);
    expect(chain(30, () => 'refused')).toEqual([5, 10, 15, 25, 35]);
    expect(chain(80, () => 'refused')).toEqual([5, 10, 15, 25, 35, 45, 55, 65, 75, 85]);
  });

  test('tries once more where the incident is told late', () => {
    expect(chain(200, () => 'refused').slice(-2)).toEqual([85, 201]);
    expect(chain(3600, () => 'refused').slice(-2)).toEqual([85, 3601]);
  });

  test('ends when the news was false', () => {
    expect(chain(30, (seconds) => (seconds === 0 ? 'refused' : 'pass'))).toEqual([5]);
  });

  test('goes on while a try says nothing', () => {
    expect(chain(30, (seconds) => (seconds === 0 ? 'refused' : 'inconclusive'))).toEqual([5, 10, 15, 25, 35]);
  });

  test('a recovery is confirmed by a chain of its own, whatever is told when', () => {
    expect(chain(3600, () => 'pass', new Set([1]))).toEqual([5, 10, 15, 25]);
  });

  test('the contrary of what may have been confirmed is followed as well', () => {
    expect(chain(30, (seconds) => (seconds < 15 ? 'refused' : 'pass'))).toEqual([5, 10, 15, 20, 25, 30, 40]);
  });

  test('the contrary is followed where it is news', () => {
    const cause: Again = { tag: 1, address: X, newsAt: START, untilMs: START + 40_000, failed: true };
    const passed = at(5, 'pass');
    expect(nextRetry([cause], [passed], [], () => 30)).toBeNull();
    expect(nextRetry([cause], [passed], [passed], () => 30)?.tries).toMatchObject([
      { failed: false, newsAt: passed.at },
    ]);
  });

  test('a relapse is followed though it is no news: one try may have been lost', () => {
    const cause: Again = { tag: 1, address: X, newsAt: START, untilMs: START + 30_000, failed: false };
    const fails = at(5, 'filtered');
    expect(nextRetry([cause], [fails], [], () => 30)?.tries).toMatchObject([
      { failed: true, newsAt: fails.at },
    ]);
  });

  test('tries late are not made up for', () => {
    const cause: Again = { tag: 1, address: X, newsAt: START, untilMs: START + 40_000, failed: true };
    const due = (seconds: number) => nextRetry([cause], [at(seconds, 'refused')], [], () => 30)?.dueMs;
    expect(due(5.3)).toBe(START + 10_050);
    expect(due(14)).toBe(START + 25_050);
    expect(due(39)).toBeUndefined();
  });
});

describe('one message', () => {
  test('a region fails only if all it tried fails; then the address that was asked for is tried again', () => {
    const both = [at(0, 'filtered', X), at(4.5, 'pass', Y)];
    expect(firstRetry(both, both.slice(0, 1), () => 30)).toBeNull();
    const none = [at(0, 'filtered', X), at(4.5, 'filtered', Y)];
    expect(firstRetry(none, none, () => 30)?.tries).toMatchObject([{ address: X, newsAt: START + 4_500 }]);
  });

  test('takes all endpoints along, due when the last is', () => {
    const news = [at(0, 'refused'), at(2, 'unresolved', X, 2), at(1, 'refused', X, 3)];
    const retry = firstRetry(news, news, (tag) => (tag === 3 ? undefined : 30));
    expect(retry?.dueMs).toBe(START + 7_050);
    expect(retry?.tries.map(({ tag, address }) => [tag, address])).toEqual([
      [1, X],
      [2, null],
    ]);
  });

  test('nothing to try again, nothing sent', () => {
    expect(firstRetry([], [], () => 30)).toBeNull();
    const sick = at(0, 'inconclusive');
    expect(firstRetry([sick], [sick], () => 30)).toBeNull();
  });
});
