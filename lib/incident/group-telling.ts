import { crc32 } from 'node:zlib';
import { SEVERITIES } from '../endpoint/severity.ts';
import { remindDueAt } from './acknowledgement.ts';
import { causesOfMost, exampleOf, membersOfMost } from './group-most.ts';
import type { GroupIncident, GroupState, GroupTransition, Member, MembersOfCohort } from './group-state.ts';
import type { Acknowledgement, Event } from './state.ts';

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
  /** Whether any has left it since that is in trouble still. */
  readonly left: boolean;
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
  const example = exampleOf(input.cohorts, members, null);
  const { kind, rule, failingRegions: failing } = example;
  return {
    id: `group.${now.toString(36)}.${crc32(cause).toString(36)}`,
    since: Math.min(...members.map((member) => member.since)),
    openedAt: now,
    sequence: 0,
    told: { count: 0, kind, rule, severity: first.severity, failing, at: now },
    causes: causesOfMost(members),
    counted: [],
    named: [],
    endedAt: null,
    left: false,
    acknowledged: null,
    example,
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
  const { kind, rule, failingRegions: failing } = before.example;
  const severity = membersOfMost(members, before)[0]?.severity ?? before.told.severity;
  const told = { count: members.length, kind, rule, severity, failing, at: now };
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
    before: event === 'update' ? before.told : null,
    flapping: 2 * members.filter(({ flapping }) => flapping).length > members.length,
  };
  const wakeAt = remindDueAt(told.at, told.severity, incident.acknowledged, remindEveryMs);
  return { ...state, incident, wakeAt, outbox: [...state.outbox, { transition, told: [] }] };
}

export function transitionOf(
  { cause }: GroupState,
  event: Event,
  { id, sequence, since, acknowledged, example, told, endedAt, left }: GroupIncident,
  group: Omit<GroupTransition['group'], 'cause'>,
  now: number,
): GroupTransition {
  return {
    endpoint: null,
    group: { cause, ...group, members: group.members.slice(0, MOST_MEMBERS) },
    event,
    dedupKey: id,
    sequence,
    kind: example.kind,
    rule: example.rule,
    severity: told.severity,
    since,
    at: now,
    endedAt,
    reminder: false,
    acknowledged,
    before: null,
    flapping: false,
    end: event === 'resolve' ? (left ? 'changed' : 'recovered') : null,
    example,
  };
}

export function gravestFirst(one: Member, other: Member): number {
  return rank(one) - rank(other) || one.since - other.since || (one.id < other.id ? -1 : 1);
}

export const rank = ({ severity }: Member): number => SEVERITIES.indexOf(severity);
