import { isDeepStrictEqual } from 'node:util';
import { SEVERITIES } from '../endpoint/severity.ts';
import { isHeldBy, newer, remindDueAt } from './acknowledgement.ts';
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
import type { Acknowledgement } from './state.ts';

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

export interface GroupResult {
  readonly state: GroupState;
  readonly changed: boolean;
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

function newestAcknowledgement(
  members: readonly Member[],
  ofAll: Acknowledgement | null,
  since: number,
): Acknowledgement | null {
  const all = [ofAll, ...members.map(({ acknowledged }) => acknowledged)];
  return all.filter((said) => said !== null && said.at >= since).reduce<Acknowledgement | null>(newer, null);
}
