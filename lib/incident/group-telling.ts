import { crc32 } from 'node:zlib';
import { SEVERITIES } from '../endpoint/severity.ts';
import { remindDueAt } from './acknowledgement.ts';
import type { GroupIncident, GroupState, GroupTransition, Member, MembersOfCohort } from './group-state.ts';
import type { Acknowledgement, Event, Transition } from './state.ts';

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

/** Who is told of now, and who of them no alert has counted yet; the gravest and oldest first. */
export interface Present {
  readonly members: readonly Member[];
  readonly fresh: readonly Member[];
}

/** The incident that begins now; nothing of it is told yet. */
export function opened(
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

/** The state with that in its outbox, and remembered. */
export function tell(
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

export function transitionOf(
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

export function gravestFirst(one: Member, other: Member): number {
  return rank(one) - rank(other) || one.since - other.since || (one.id < other.id ? -1 : 1);
}

export const rank = ({ severity }: Member): number => SEVERITIES.indexOf(severity);

function exampleOf({ cohorts }: GroupInput): Transition {
  const [first] = [...cohorts].sort((one, other) => one.example.since - other.example.since);
  if (!first) throw new Error('a group without members has no example');
  return first.example;
}

function mostOften<T extends string>(words: readonly T[]): T | undefined {
  const count = (word: T): number => words.filter((one) => one === word).length;
  return [...new Set(words)].sort((one, other) => count(other) - count(one))[0];
}
