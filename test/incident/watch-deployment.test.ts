import { expect, test } from 'vitest';
import type { Acknowledgement } from '../../lib/incident/state.ts';
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
  acknowledgements: ReadonlyMap<string, Acknowledgement> = new Map();
  remindEveryMs: number | null = null;

  /** @returns what is told: event, kind, region, severity. */
  after(seconds: number, facts: Partial<DeploymentFacts>): string[] {
    this.now += seconds * 1000;
    const deployment = { ...NOTHING, ...facts };
    const input = {
      deployedRegions: this.regions,
      records: [],
      intervalSeconds: null,
      now: this.now,
      acknowledgements: this.acknowledgements,
      remindEveryMs: this.remindEveryMs,
      deployment,
    };
    const { state } = judgeWatch({ ...input, state: this.state });
    expect(judgeWatch({ ...input, state }).changed).toBe(false);
    const told = state.outbox.map(({ transition }) => transition);
    this.state = { ...state, outbox: [] };
    return told.map(({ event, finding, severity, end, reminder }) =>
      [reminder ? 'reminder' : event, finding.kind, finding.region, severity, end]
        .filter((word) => word !== null)
        .join(' '),
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
  expect(life.state.open['parallax.judge']?.since).toBe(life.now - 151_000);
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
  expect(life.state.open['parallax.untold']?.finding).toMatchObject({ formats: ['sms'], since: START_MS });
  expect(life.after(200, run('sms', 0, 300))).toEqual([]);
  expect(life.after(220, run('sms', 0, 300))).toEqual([]);
  expect(life.after(1, run('sms', 0, 300))).toEqual(['resolve untold_alerts P2 recovered']);
});

test('what a prober’s nudge finds leaves all of it as it was', () => {
  const life = new Life();
  life.after(0, { ...letters([null, 1]), sentMs: life.now - 200_000 });
  expect(Object.keys(life.state.open).sort()).toEqual(['parallax.dead-letters', 'parallax.judge']);
  expect(life.after(10, {})).toEqual([]);
  expect(Object.keys(life.state.open).sort()).toEqual(['parallax.dead-letters', 'parallax.judge']);
});

test('no endpoint’s id can be a subject: each has a dot in it', () => {
  const life = new Life();
  const refused = { format: 'email', since: life.now - 200_000, at: life.now };
  life.after(0, { ...letters([null, 1], ['a', 1]), sentMs: life.now - 200_000, untold: [refused] });
  const ids = Object.values(life.state.open).map(({ id }) => id);
  expect(ids).toHaveLength(4);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(?:-letters)?\./);
});

test('what nobody acknowledged is reminded of, P3 is not; an acknowledgement is told and holds until its time', () => {
  const life = new Life();
  life.remindEveryMs = 3_600_000;
  const late = () => ({ sentMs: life.now - 200_000, ...letters([null, 1]) });
  expect(life.after(0, late())).toEqual(['trigger dead_letters P3', 'trigger judge_lagging P2']);
  const facts = letters([null, 1]);
  expect(life.after(3_599, facts)).toEqual([]);
  expect(life.after(1, facts)).toEqual(['reminder judge_lagging P2']);
  const id = life.state.open['parallax.judge']?.id ?? '';
  const said = { by: 'ada', note: null, at: life.now, until: life.now + 7_200_000 };
  life.acknowledgements = new Map([[id, said]]);
  expect(life.after(60, facts)).toEqual(['acknowledge judge_lagging P2']);
  expect(life.state.open['parallax.judge']).toMatchObject({ acknowledged: said, acknowledgedAt: said.at });
  expect(life.after(7_000, facts)).toEqual([]);
  expect(life.after(200, facts)).toEqual(['reminder judge_lagging P2']);
  life.acknowledgements = new Map();
  expect(life.after(60, facts)).toEqual([]);
  expect(life.state.open['parallax.judge']?.acknowledged).toBeNull();
});
