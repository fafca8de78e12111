import { isDeepStrictEqual } from 'node:util';
import { SEVERITIES } from '../endpoint/severity.ts';
import { isHeldBy, newer, remindDueAt } from './acknowledgement.ts';
import { causesOfMost, exampleOf, membersOfMost } from './group-most.ts';
import type { GroupIncident, GroupState, Member } from './group-state.ts';
import {
  type GroupInput,
  gravestFirst,
  opened,
  type Present,
  rank,
  tell,
  transitionOf,
} from './group-telling.ts';
import { compareSeverity } from './kinds.ts';
import type { Acknowledgement, Transition } from './state.ts';

/** So many open incidents of one cause are told as one. */
export const GROUP_FROM = 5;

/** Who falls due within this is told of at once: the next alert may come no sooner. */
export const AHEAD_MS = 60_000;

/** Updates are at least this far apart. */
const UPDATE_EVERY_MS = 60_000;
/** Where many have joined already the first one comes sooner. */
const DOUBLED_MS = 20_000;
/** Who else joins is told with twice the pause each time, up to this: they belong to what has been told. */
const LONGEST_PAUSE_MS = 600_000;
/** One is waited for by those that fail with it. */
const COLLECTED_MS = 20_000;

export interface GroupResult {
  readonly state: GroupState;
  readonly changed: boolean;
}

/**
 * What there is to tell of a cause: a trigger with all that have it, updates when others have joined, a resolve with the last one that
 * leaves. Pure: the same again changes nothing.
 */
export function judgeGroup(input: GroupInput): GroupResult {
  const state = withEnds(input);
  const members = input.cohorts.flatMap((cohort) => cohort.members);
  const after = members.some(({ told }) => told === 'together')
    ? lives(state, presentOf(state, input), input)
    : over(state, input);
  return { state: after, changed: !isDeepStrictEqual(input.state, after) };
}

function withEnds({ state, endedAt, left }: GroupInput): GroupState {
  const { incident } = state;
  if (!incident) return state;
  const newest = Math.max(endedAt ?? 0, incident.endedAt ?? 0) || null;
  return { ...state, incident: { ...incident, endedAt: newest, left: incident.left || left } };
}

function presentOf({ incident }: GroupState, { cohorts, now }: GroupInput): Present {
  const counted = new Set(incident?.counted);
  const members = cohorts
    .flatMap((cohort) => cohort.members)
    .filter((member) => isToldBy(member, now))
    .sort(gravestFirst);
  return { members, fresh: members.filter(({ tag }) => !counted.has(tag)) };
}

/** Whether an alert of the group at that time tells of a member. Whoever is told by itself has an alert of its own. */
export function isToldBy(
  { told, dueAt, fails }: Pick<Member, 'told' | 'dueAt' | 'fails'>,
  at: number,
): boolean {
  if (!fails) return false;
  switch (told) {
    case 'together':
      return true;
    case 'alone':
      return false;
    case 'not_yet':
      return dueAt <= at + AHEAD_MS;
  }
}

function lives(state: GroupState, present: Present, input: GroupInput): GroupState {
  const { members } = present;
  const { now, remindEveryMs } = input;
  const [first] = members;
  if (!first) return state.wakeAt === null ? state : { ...state, wakeAt: null };
  const known = state.incident;
  if (!known) return tell(state, 'trigger', opened(state, present, first, input), present, input);
  const said = newestAcknowledgement(members, input.acknowledgement, known.openedAt);
  if (said && said.at !== known.acknowledged?.at) {
    return tell(state, 'acknowledge', { ...known, acknowledged: said }, present, input);
  }
  const since = Math.min(...members.map((member) => member.since), known.since);
  const incident: GroupIncident = {
    ...known,
    acknowledged: said ?? known.acknowledged,
    since,
    causes: causesOfMost(members),
    example: exampleOf(input.cohorts, members, known),
  };
  // Who goes another way is told by itself before long, and says nothing of the others.
  const [gravest = first] = membersOfMost(members, known);
  const due = [changeDueAt(incident, gravest, isHeldBy(said, now)), joinedDueAt(incident, present)];
  const times = due.filter((at) => at !== null);
  const dueAt = times.length > 0 ? Math.min(...times) : null;
  if (dueAt !== null && now >= dueAt) return tell(state, 'update', incident, present, input);
  const remindAt = remindDueAt(incident.told.at, first.severity, said, remindEveryMs);
  if (remindAt !== null && now >= remindAt) return tell(state, 'update', incident, present, input, true);
  const next = [dueAt, remindAt].filter((at) => at !== null);
  return { ...state, incident, wakeAt: next.length > 0 ? Math.min(...next) : null };
}

/** When what most of them have become falls due to be told; null: it was. Whoever looks after it knows what was told already. */
function changeDueAt(
  { told, example }: GroupIncident,
  gravest: Member,
  acknowledged: boolean,
): number | null {
  const dueAt = told.at + UPDATE_EVERY_MS;
  if (rank(gravest) < SEVERITIES.indexOf(told.severity) || isWorse(example, told)) return dueAt;
  const same = example.rule === told.rule && example.failingRegions.join() === told.failing.join();
  return same || acknowledged || example.failingRegions.length === 0 ? null : dueAt;
}

function isWorse(now: Transition, told: GroupIncident['told']): boolean {
  return (
    compareSeverity(now.kind, told.kind) > 0 ||
    now.failingRegions.some((region) => !told.failing.includes(region))
  );
}

/** When those that have joined fall due to be told of; null: nobody has. */
function joinedDueAt({ told, sequence }: GroupIncident, { members, fresh }: Present): number | null {
  if (fresh.length === 0) return null;
  const doubled = sequence === 1 && members.length >= 2 * told.count;
  const pause = Math.min(UPDATE_EVERY_MS * 2 ** (sequence - 1), LONGEST_PAUSE_MS);
  const due = fresh.map(({ dueAt, since }) => Math.max(dueAt, since + COLLECTED_MS));
  return Math.max(told.at + (doubled ? DOUBLED_MS : pause), Math.min(...due));
}

function over(state: GroupState, { now }: GroupInput): GroupState {
  const { incident } = state;
  if (!incident) return state.wakeAt === null ? state : { ...state, wakeAt: null };
  const { counted, named, sequence } = incident;
  const ended = { ...incident, sequence: sequence + 1, endedAt: Math.min(incident.endedAt ?? now, now) };
  const all = { count: counted.length, fresh: 0, members: named };
  const transition = transitionOf(state, 'resolve', ended, all, now);
  return { ...state, incident: null, wakeAt: null, outbox: [...state.outbox, { transition, told: [] }] };
}

function newestAcknowledgement(
  members: readonly Member[],
  ofAll: Acknowledgement | null,
  since: number,
): Acknowledgement | null {
  const all = [ofAll, ...members.map(({ acknowledged }) => acknowledged)];
  return all.filter((said) => said !== null && said.at >= since).reduce<Acknowledgement | null>(newer, null);
}
