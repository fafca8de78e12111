import { expect, test } from 'vitest';
import { judgeWatch } from '../../lib/incident/watch.ts';
import type { DeploymentFacts } from '../../lib/incident/watch-deployment.ts';
import { NOTHING_WATCHED, type WatchState } from '../../lib/incident/watch-state.ts';

const START_MS = Date.UTC(2026, 10, 20, 3, 0, 0);
const NOTHING: DeploymentFacts = { deadLetters: new Map(), sentMs: null, untold: [] };

/** A deployment of two regions, judged at times. */
class Life {
  now = START_MS;
  state: WatchState = NOTHING_WATCHED;
  regions: readonly string[] = ['a', 'b'];

  /** @returns what is told: event, kind, region, severity. */
  after(seconds: number, facts: Partial<DeploymentFacts>): string[] {
    this.now += seconds * 1000;
    const deployment = { ...NOTHING, ...facts };
    const input = {
      deployedRegions: this.regions,
      records: [],
      intervalSeconds: null,
      now: this.now,
      deployment,
    };
    const { state } = judgeWatch({ ...input, state: this.state });
    expect(judgeWatch({ ...input, state }).changed).toBe(false);
    const told = state.outbox.map(({ transition }) => transition);
    this.state = { ...state, outbox: [] };
    return told.map(({ event, finding, severity, end }) =>
      [event, finding.kind, finding.region, severity, end].filter((word) => word !== null).join(' '),
    );
  }
}

const letters = (...counts: (readonly [string | null, number])[]) => ({ deadLetters: new Map(counts) });

test('dead letters are told once a queue and resolved when it is empty; a queue that nobody looked at is as it was', () => {
  const life = new Life();
  expect(life.after(0, letters([null, 0], ['a', 0], ['b', 0]))).toEqual([]);
  expect(life.after(300, letters([null, 1], ['a', 0], ['b', 2]))).toEqual([
    'trigger dead_letters P3',
    'trigger dead_letters b P3',
  ]);
  expect(life.after(60, {})).toEqual([]);
  expect(life.after(240, letters([null, 5], ['a', 0]))).toEqual([]);
  expect(life.after(300, letters([null, 0], ['a', 0], ['b', 2]))).toEqual([
    'resolve dead_letters P3 recovered',
  ]);
  life.regions = ['a'];
  expect(life.after(60, {})).toEqual(['resolve dead_letters b P3 no_longer_watched']);
});

test('the judge lags when what it judges was sent 150 s before, until one is judged within 60 s', () => {
  const life = new Life();
  const sent = (secondsAgo: number) => ({ sentMs: life.now - secondsAgo * 1000 });
  expect(life.after(0, sent(140))).toEqual([]);
  expect(life.after(0, sent(151))).toEqual(['trigger judge_lagging P2']);
  expect(life.state.open.judge?.since).toBe(life.now - 151_000);
  expect(life.after(0, {})).toEqual([]);
  expect(life.after(0, sent(61))).toEqual([]);
  expect(life.after(0, sent(60))).toEqual(['resolve judge_lagging P2 recovered']);
});

test('alerts are untold when a format failed for 100 s, until it has not failed for longer than a sweep takes', () => {
  const life = new Life();
  const run = (format: string, since: number, at: number) => ({
    untold: [{ format, since: START_MS + since * 1000, at: START_MS + at * 1000 }],
  });
  expect(life.after(0, run('sms', 0, 0))).toEqual([]);
  expect(life.after(300, run('sms', 0, 60))).toEqual([]);
  expect(life.after(0, run('sms', 0, 120))).toEqual(['trigger untold_alerts P2']);
  expect(life.state.open.untold?.finding).toMatchObject({ formats: ['sms'], since: START_MS });
  expect(life.after(200, run('sms', 0, 300))).toEqual([]);
  expect(life.after(220, run('sms', 0, 300))).toEqual([]);
  expect(life.after(1, run('sms', 0, 300))).toEqual(['resolve untold_alerts P2 recovered']);
});

test('what a prober’s nudge finds leaves all of it as it was', () => {
  const life = new Life();
  life.after(0, { ...letters([null, 1]), sentMs: life.now - 200_000 });
  expect(Object.keys(life.state.open).sort()).toEqual(['dead-letters', 'judge']);
  expect(life.after(10, {})).toEqual([]);
  expect(Object.keys(life.state.open).sort()).toEqual(['dead-letters', 'judge']);
});
