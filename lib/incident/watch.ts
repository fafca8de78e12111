import { isDeepStrictEqual } from 'node:util';
import { remindDueAt } from './acknowledgement.ts';
import { lookDueMs } from './health.ts';
import type { Acknowledgement, Event } from './state.ts';
import { type DeploymentFacts, findingsOf } from './watch-deployment.ts';
import { expectationOf, findingOf, type RegionFacts } from './watch-region.ts';
import {
  type Finding,
  WATCH_SEVERITY,
  type WatchEnd,
  type WatchIncident,
  type WatchState,
  type WatchTransition,
} from './watch-state.ts';

/** A subject's incident opens at most this often: one that comes and goes is told as often, and no oftener. */
const OPEN_EVERY_MS = 600_000;

export interface WatchInput {
  readonly state: WatchState;
  readonly deployedRegions: readonly string[];
  /** What the regions noted; one that never did is absent. */
  readonly records: readonly RegionFacts[];
  /** Of the fastest cohort that has members; null: there is none; undefined: nobody has looked, it is as it was. */
  readonly intervalSeconds: number | null | undefined;
  /** Absent: nobody has looked, it is as it was. */
  readonly deployment?: DeploymentFacts;
  /** By the incident's id. Default: nobody has said anything. */
  readonly acknowledgements?: ReadonlyMap<string, Acknowledgement>;
  /** Default: never. */
  readonly remindEveryMs?: number | null;
  readonly now: number;
}

const NOT_LOOKED_AT: DeploymentFacts = { deadLetters: new Map(), sentMs: null, untold: [] };

/** A region whose controls are to be tried again, by themselves. */
export interface Look {
  readonly region: string;
  readonly dueMs: number;
}

export interface WatchResult {
  readonly state: WatchState;
  readonly changed: boolean;
  readonly looks: readonly Look[];
}

/** What there is to tell of the watching itself. Pure: the same facts again change nothing. */
export function judgeWatch(input: WatchInput): WatchResult {
  const { state, deployedRegions, deployment = NOT_LOOKED_AT, now } = input;
  const regions = expectedRegions(input);
  const found = regions.map(({ facts, expectation }) => {
    const subject = subjectOf(facts.region);
    return [subject, findingOf(facts, expectation, state.open[subject]?.finding ?? null, now)] as const;
  });
  const expected = Object.fromEntries(regions.map(({ facts, expectation }) => [facts.region, expectation]));
  const { acknowledgements, remindEveryMs } = input;
  const scene = { now, regions: deployedRegions.length, acknowledgements, remindEveryMs };
  const ofDeployment = findingsOf(deployment, deployedRegions, state.open, now);
  const after = live({ ...state, expected }, new Map([...found, ...ofDeployment]), scene);
  const looks = regions.flatMap(({ facts: { region, health }, expectation: { silentSeenAt } }) => {
    // Orders to a region that does not listen would only pile up.
    if (!health || silentSeenAt !== null) return [];
    const known = after.open[subjectOf(region)]?.finding.kind === 'region_unhealthy';
    const dueMs = lookDueMs(health, known, now);
    return dueMs === null ? [] : [{ region, dueMs }];
  });
  return { state: after, changed: !isDeepStrictEqual(state, after), looks };
}

const subjectOf = (region: string): string => `region.${region}`;

/** The regions that should say something: none while there is nothing to watch. */
function expectedRegions({ state, deployedRegions, records, intervalSeconds, now }: WatchInput) {
  const known = new Map(records.map((facts) => [facts.region, facts]));
  return deployedRegions.flatMap((region) => {
    const before = state.expected[region];
    const seconds = intervalSeconds === undefined ? before?.intervalSeconds : intervalSeconds;
    if (seconds === undefined || seconds === null) return [];
    const facts = known.get(region) ?? { region, notedAt: null, health: null, controls: null };
    return [{ facts, expectation: expectationOf(before, facts, seconds, now) }];
  });
}

interface Scene {
  readonly now: number;
  readonly regions: number;
  readonly acknowledgements?: ReadonlyMap<string, Acknowledgement> | undefined;
  readonly remindEveryMs?: number | null | undefined;
}

/**
 * The state with the incidents ended, changed and opened that the findings ask for.
 *
 * @param found - by subject; a subject that is not in it is not watched any more.
 */
export function live(
  before: WatchState,
  found: ReadonlyMap<string, Finding | null>,
  scene: Scene,
): WatchState {
  let state = before;
  for (const [subject, incident] of Object.entries(before.open)) {
    const finding = found.get(subject);
    if (!finding) state = close(state, incident, finding === null ? 'recovered' : 'no_longer_watched', scene);
    else if (finding.kind !== incident.finding.kind) {
      state = tell(state, 'update', { ...incident, finding, severity: WATCH_SEVERITY[finding.kind] }, scene);
    } else state = lookAfter(state, incident, scene);
  }
  for (const [subject, finding] of found) {
    const { [subject]: openedAt = Number.NEGATIVE_INFINITY } = state.openedAt;
    if (!finding || before.open[subject] || scene.now - openedAt < OPEN_EVERY_MS) continue;
    const severity = WATCH_SEVERITY[finding.kind];
    const id = `${subject}-${scene.now.toString(36)}`;
    const opened = {
      id,
      subject,
      finding,
      severity,
      since: finding.since,
      openedAt: scene.now,
      sequence: 0,
      toldAt: scene.now,
      acknowledged: null,
      acknowledgedAt: null,
      endedAt: null,
      end: null,
    };
    state = { ...state, openedAt: { ...state.openedAt, [subject]: scene.now } };
    state = tell(state, 'trigger', opened, scene);
  }
  return state;
}

/** With what was said of an incident that is as it was: a new acknowledgement is told, and that nobody has one, after a while. */
function lookAfter(state: WatchState, incident: WatchIncident, scene: Scene): WatchState {
  const { acknowledgements, remindEveryMs = null, now } = scene;
  const said = acknowledgements?.get(incident.id) ?? null;
  if (said !== null && said.at !== incident.acknowledged?.at) {
    const acknowledgedAt = incident.acknowledgedAt ?? said.at;
    return tell(state, 'acknowledge', { ...incident, acknowledged: said, acknowledgedAt }, scene);
  }
  const dueAt = remindDueAt(incident.toldAt, incident.severity, said, remindEveryMs);
  if (dueAt !== null && now >= dueAt)
    return tell(state, 'update', { ...incident, acknowledged: said }, scene, true);
  if (said !== null || incident.acknowledged === null) return state;
  return { ...state, open: { ...state.open, [incident.subject]: { ...incident, acknowledged: null } } };
}

function close(state: WatchState, incident: WatchIncident, end: WatchEnd, scene: Scene): WatchState {
  const told = tell(state, 'resolve', { ...incident, end, endedAt: scene.now }, scene);
  const { [incident.subject]: _, ...open } = told.open;
  return { ...told, open };
}

/** The state in which the incident is so, with the event in the outbox and its history copy ordered. */
function tell(
  state: WatchState,
  event: Event,
  changed: WatchIncident,
  { now, regions }: Scene,
  reminder = false,
): WatchState {
  const toldAt = event === 'acknowledge' ? changed.toldAt : now;
  const incident = { ...changed, sequence: changed.sequence + 1, toldAt };
  const { id, subject, sequence, severity, finding, end, acknowledged } = incident;
  const transition: WatchTransition = {
    endpoint: null,
    event,
    dedupKey: id,
    sequence,
    severity,
    finding,
    at: now,
    end,
    acknowledged,
    reminder,
    regions,
  };
  return {
    ...state,
    open: { ...state.open, [subject]: incident },
    outbox: [...state.outbox, { transition, told: [] }],
    uncopied: [...state.uncopied.filter((one) => one.id !== id), incident],
  };
}
