import { isDeepStrictEqual } from 'node:util';
import { crc32 } from 'node:zlib';
import { SEVERITIES } from '../endpoint/severity.ts';
import { isHeldBy, newer, remindDueAt } from './acknowledgement.ts';
import type { GroupIncident, GroupState, GroupTransition, Member, MembersOfCohort } from './group-state.ts';
import type { Acknowledgement, Event, Transition } from './state.ts';

/** So many open incidents of one cause are told as one. */
export const GROUP_FROM = 5;

/** Who falls due within this is told of at once: the next alert may come no sooner. */
export const AHEAD_MS = 60_000;

/** The first update waits for those that the schedule has yet to try; where many have joined already it does not. */
const FIRST_UPDATE_MS = 60_000;
const DOUBLED_MS = 20_000;
/** Later ones come seldom: who joins late belongs to what has been told. */
const NEXT_UPDATE_MS = 600_000;
/** What has become graver is told sooner. */
const GRAVER_MS = 60_000;

const MOST_MEMBERS = 100;
/** 4 bytes each, of the 400 KB of an item. */
const MOST_COUNTED = 50_000;

export interface GroupInput {
  readonly state: GroupState;
  readonly cohorts: readonly MembersOfCohort[];
  /** Of the group as a whole. */
  readonly acknowledgement: Acknowledgement | null;
  /** When the newest of those that have left since was well again; null: nobody says. */
  readonly endedAt: number | null;
  readonly now: number;
  readonly remindEveryMs: number | null;
}

export interface GroupResult {
  readonly state: GroupState;
  readonly changed: boolean;
}

/** Who is told of now, and who of them no alert has counted yet; the gravest and oldest first. */
interface Present {
  readonly members: readonly Member[];
  readonly fresh: readonly Member[];
}

/**
 * What there is to tell of a cause: a trigger with all that have it, updates when others have joined, a resolve with the last one that
 * leaves. Pure: the same again changes nothing.
 */
export function judgeGroup(input: GroupInput): GroupResult {
  const state = withEnd(input);
  const members = input.cohorts.flatMap((cohort) => cohort.members);
  const after = members.some(({ told }) => told === 'together')
    ? lives(state, presentOf(state, input), input)
    : over(state, input);
  return { state: after, changed: !isDeepStrictEqual(input.state, after) };
}

function withEnd({ state, endedAt }: GroupInput): GroupState {
  const { incident } = state;
  if (!incident || endedAt === null || endedAt <= (incident.endedAt ?? 0)) return state;
  return { ...state, incident: { ...incident, endedAt } };
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
export function isToldBy({ told, dueAt }: Pick<Member, 'told' | 'dueAt'>, at: number): boolean {
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
  if (!first) return state;
  const known = state.incident;
  if (!known) return tell(state, 'trigger', opened(state, present, first, input), present, input);
  const said = newestAcknowledgement(members, input.acknowledgement, known.openedAt);
  if (said && said.at !== known.acknowledged?.at) {
    return tell(state, 'acknowledge', { ...known, acknowledged: said }, present, input);
  }
  const since = Math.min(...members.map((member) => member.since), known.since);
  const incident: GroupIncident = { ...known, acknowledged: said ?? known.acknowledged, since };
  const dueAt = updateDueAt(incident, present, first, isHeldBy(said, now));
  if (dueAt !== null && now >= dueAt) return tell(state, 'update', incident, present, input);
  const remindAt = remindDueAt(incident.told.at, first.severity, said, remindEveryMs);
  if (remindAt !== null && now >= remindAt) return tell(state, 'update', incident, present, input, true);
  const times = [dueAt, remindAt].filter((at) => at !== null);
  return { ...state, incident, wakeAt: times.length > 0 ? Math.min(...times) : null };
}

function opened(
  { cause }: GroupState,
  { members }: Present,
  first: Member,
  input: GroupInput,
): GroupIncident {
  const { now } = input;
  return {
    id: `group.${now.toString(36)}.${crc32(cause).toString(36)}`,
    since: Math.min(...members.map((member) => member.since)),
    openedAt: now,
    sequence: 0,
    told: { count: 0, severity: first.severity, at: now },
    counted: [],
    named: [],
    endedAt: null,
    acknowledged: null,
    example: exampleOf(input),
  };
}

/** When what has changed since it was told falls due; null: nothing has that is worth it. */
function updateDueAt(
  { told, sequence }: GroupIncident,
  { members, fresh }: Present,
  gravest: Member,
  acknowledged: boolean,
): number | null {
  if (rank(gravest) < SEVERITIES.indexOf(told.severity)) return told.at + GRAVER_MS;
  if (fresh.length === 0 || acknowledged) return null;
  const doubled = members.length >= 2 * told.count;
  const first = doubled ? DOUBLED_MS : FIRST_UPDATE_MS;
  return told.at + (sequence === 1 ? first : NEXT_UPDATE_MS);
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

function tell(
  state: GroupState,
  event: Event,
  before: GroupIncident,
  { members, fresh }: Present,
  input: GroupInput,
  reminder = false,
): GroupState {
  const { now, remindEveryMs } = input;
  const told = { count: members.length, severity: members[0]?.severity ?? before.told.severity, at: now };
  const incident: GroupIncident = {
    ...before,
    sequence: before.sequence + 1,
    told,
    counted: [...before.counted, ...fresh.map(({ tag }) => tag)].slice(0, MOST_COUNTED),
    named: [...before.named, ...fresh].slice(0, MOST_MEMBERS),
  };
  const news = event === 'update' && !reminder;
  const listed = news ? [...fresh, ...members.filter((one) => !fresh.includes(one))] : members;
  const group = { count: members.length, fresh: news ? fresh.length : 0, members: listed };
  const transition: GroupTransition = {
    ...transitionOf(state, event, { ...incident, endedAt: null }, group, now),
    reminder,
    before: event === 'update' ? { severity: before.told.severity } : null,
  };
  const wakeAt = remindDueAt(told.at, told.severity, incident.acknowledged, remindEveryMs);
  return { ...state, incident, wakeAt, outbox: [...state.outbox, { transition, told: [] }] };
}

function transitionOf(
  { cause }: GroupState,
  event: Event,
  { id, sequence, since, acknowledged, example, told, endedAt }: GroupIncident,
  group: Omit<GroupTransition['group'], 'cause'>,
  now: number,
): GroupTransition {
  const { members } = group;
  const gravest = [...members].sort(gravestFirst)[0];
  return {
    endpoint: null,
    group: { cause, ...group, members: members.slice(0, MOST_MEMBERS) },
    event,
    dedupKey: id,
    sequence,
    kind: gravest?.kind ?? example.kind,
    rule: mostOften(members.map(({ rule }) => rule)) ?? example.rule,
    severity: event === 'resolve' ? told.severity : (gravest?.severity ?? told.severity),
    since,
    at: now,
    endedAt,
    reminder: false,
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
