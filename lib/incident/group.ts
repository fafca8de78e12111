import { isDeepStrictEqual } from 'node:util';
import { crc32 } from 'node:zlib';
import { SEVERITIES } from '../endpoint/severity.ts';
import { isHeldBy, newer, remindDueAt } from './acknowledgement.ts';
import type { GroupIncident, GroupState, GroupTransition, Member, MembersOfCohort } from './group-state.ts';
import type { Acknowledgement, Event, Transition } from './state.ts';

/** So many open incidents of one cause are told as one. */
export const GROUP_FROM = 5;

/** The first update waits for those that the schedule has yet to try; where many have joined already it does not. */
const FIRST_UPDATE_MS = 60_000;
const DOUBLED_MS = 20_000;
/** Later ones come seldom: who joins late belongs to what has been told. */
const NEXT_UPDATE_MS = 600_000;
/** What has become graver is told sooner. */
const GRAVER_MS = 60_000;

const MOST_MEMBERS = 100;

export interface GroupInput {
  readonly state: GroupState;
  readonly cohorts: readonly MembersOfCohort[];
  /** Of the group as a whole. */
  readonly acknowledgement: Acknowledgement | null;
  readonly now: number;
  readonly remindEveryMs: number | null;
}

export interface GroupResult {
  readonly state: GroupState;
  readonly changed: boolean;
}

/**
 * What there is to tell of a cause: a trigger with the first members that are due, updates when others have joined, a resolve with
 * the last one that leaves. Pure: the same again changes nothing.
 */
export function judgeGroup(input: GroupInput): GroupResult {
  const { state, cohorts } = input;
  const members = cohorts
    .flatMap((cohort) => cohort.members.filter(({ grouped }) => grouped))
    .sort(gravestFirst);
  const after = members.length === 0 ? over(state, input) : lives(state, members, input);
  return { state: after, changed: !isDeepStrictEqual(state, after) };
}

function lives(state: GroupState, members: readonly Member[], input: GroupInput): GroupState {
  const { now, remindEveryMs } = input;
  const [first] = members;
  if (!first) return state;
  const begun = Math.min(...members.map((member) => member.since));
  const told = { count: members.length, severity: first.severity, at: now };
  const known = state.incident;
  if (!known) {
    const opened: GroupIncident = {
      id: `group.${now.toString(36)}.${crc32(state.cause).toString(36)}`,
      since: begun,
      openedAt: now,
      sequence: 0,
      told,
      most: members.length,
      acknowledged: null,
      example: exampleOf(input),
    };
    return tell(state, 'trigger', opened, members, input);
  }
  const said = newestAcknowledgement(members, input.acknowledgement, known.openedAt);
  const most = Math.max(known.most, members.length);
  if (said && said.at !== known.acknowledged?.at) {
    return tell(state, 'acknowledge', { ...known, acknowledged: said, most }, members, input);
  }
  const since = Math.min(begun, known.since);
  const incident: GroupIncident = { ...known, acknowledged: said ?? known.acknowledged, since, most };
  const dueAt = updateDueAt(incident, members, first, isHeldBy(said, now));
  if (dueAt !== null && now >= dueAt) return tell(state, 'update', { ...incident, told }, members, input);
  const remindAt = remindDueAt(incident.told.at, first.severity, said, remindEveryMs);
  if (remindAt !== null && now >= remindAt)
    return tell(state, 'update', { ...incident, told }, members, input, true);
  const times = [dueAt, remindAt].filter((at) => at !== null);
  return { ...state, incident, wakeAt: times.length > 0 ? Math.min(...times) : null };
}

/** When what has changed since it was told falls due; null: nothing has that is worth it. */
function updateDueAt(
  { told, sequence }: GroupIncident,
  members: readonly Member[],
  gravest: Member,
  acknowledged: boolean,
): number | null {
  if (rank(gravest) < SEVERITIES.indexOf(told.severity)) return told.at + GRAVER_MS;
  if (members.length <= told.count || acknowledged) return null;
  const doubled = members.length >= 2 * told.count;
  const first = doubled ? DOUBLED_MS : FIRST_UPDATE_MS;
  return told.at + (sequence === 1 ? first : NEXT_UPDATE_MS);
}

function over(state: GroupState, { now }: GroupInput): GroupState {
  const { incident } = state;
  if (!incident) return state.wakeAt === null ? state : { ...state, wakeAt: null };
  const transition = transitionOf(
    state,
    'resolve',
    { ...incident, sequence: incident.sequence + 1 },
    [],
    now,
    false,
  );
  return { ...state, incident: null, wakeAt: null, outbox: [...state.outbox, { transition, told: [] }] };
}

function tell(
  state: GroupState,
  event: Event,
  changed: GroupIncident,
  members: readonly Member[],
  input: GroupInput,
  reminder = false,
): GroupState {
  const { now, remindEveryMs } = input;
  const incident = { ...changed, sequence: changed.sequence + 1 };
  const before = event === 'update' ? (state.incident?.told ?? null) : null;
  const transition = { ...transitionOf(state, event, incident, members, now, reminder), before };
  const { told, acknowledged } = incident;
  const [first] = members;
  const remindAt = first ? remindDueAt(told.at, first.severity, acknowledged, remindEveryMs) : null;
  return { ...state, incident, wakeAt: remindAt, outbox: [...state.outbox, { transition, told: [] }] };
}

function transitionOf(
  { cause }: GroupState,
  event: Event,
  { id, sequence, since, acknowledged, example, told, most }: GroupIncident,
  members: readonly Member[],
  now: number,
  reminder: boolean,
): GroupTransition {
  const count = event === 'resolve' ? most : members.length;
  const severity = members[0]?.severity ?? told.severity;
  return {
    endpoint: null,
    group: { cause, count, members: members.slice(0, MOST_MEMBERS) },
    event,
    dedupKey: id,
    sequence,
    kind: members[0]?.kind ?? example.kind,
    rule: mostOften(members.map(({ rule }) => rule)) ?? example.rule,
    severity,
    since,
    at: now,
    reminder,
    acknowledged,
    before: null,
    example,
  };
}

function gravestFirst(one: Member, other: Member): number {
  return rank(one) - rank(other) || one.since - other.since || (one.id < other.id ? -1 : 1);
}

const rank = ({ severity }: Member): number => SEVERITIES.indexOf(severity);

function exampleOf({ cohorts }: GroupInput): Transition {
  const [first] = [...cohorts].sort((one, other) => one.example.since - other.example.since);
  if (!first) throw new Error('a group without members has no example');
  return first.example;
}

function newestAcknowledgement(
  members: readonly Member[],
  ofAll: Acknowledgement | null,
  since: number,
): Acknowledgement | null {
  const all = [ofAll, ...members.map(({ acknowledged }) => acknowledged)];
  return all.filter((said) => said !== null && said.at >= since).reduce<Acknowledgement | null>(newer, null);
}

function mostOften<T extends string>(words: readonly T[]): T | undefined {
  const count = (word: T): number => words.filter((one) => one === word).length;
  return [...new Set(words)].sort((one, other) => count(other) - count(one))[0];
}
