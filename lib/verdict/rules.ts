import { unknownAfterMs } from '../endpoint/cohort.ts';
import { handshakesRule, partialRule } from './evidence.ts';
import { type Parts, partsOf, type RegionsInput } from './parts.ts';
import type { RegionState } from './region-state.ts';
import type { Rule, Verdict } from './verdict.ts';

/** The others are waited for this long after they were asked: a queue, a cold start and two tries of 4.5 s. */
export const ANSWER_MS = 12_000;

/** No region has said anything for this long before it is said that nobody watches. */
export const NOT_WATCHED_MS = 10 * 60_000;

/** An endpoint that has not been seen listening this long after it was registered is said to be unproven. */
export const UNPROVEN_MS = 5 * 60_000;

/** With a single region there is nobody to ask: its own tries have to do. */
const TRIES_ALONE = 3;

export interface JudgeRegionsInput extends RegionsInput {
  /** First passing try of any region; null: unproven. Epoch ms, like every time here. */
  readonly provenAt: number | null;
  readonly watchedSince: number;
  /** Since when no region has said anything conclusive; null: some region does. */
  readonly silentSince: number | null;
  /** The open one; null: none. */
  readonly incident: { readonly rule: Rule; readonly since: number; readonly told: object | null } | null;
}

export interface Judged {
  /** False while regions are waited for: the verdict is then no more than "not yet known to be otherwise". */
  readonly settled: boolean;
  readonly verdict: Verdict;
}

/**
 * What the regions together mean: the first rule that matches, in the order of RULES; every input has exactly one.
 *
 * A region testifies that the port listens only by a passing try that began after the suspicion; one that has not answered is
 * waited for, and leaves the quorum after 12 s. A region that is recovering is waited for likewise. Until then nothing is decided.
 */
export function judgeRegions(input: JudgeRegionsInput): Judged {
  const { regions, provenAt, watchedSince, silentSince, now } = input;
  const parts = partsOf(input);
  const { failing, suspect, recovering, listening, unknown } = parts;
  if (parts.usable === 0) {
    const since = silentSince ?? watchedSince;
    const kind = now - since >= NOT_WATCHED_MS ? 'not_watched' : null;
    return {
      settled: true,
      verdict: { rule: 'not_watched', kind, since, listening: [], failing: [], unknown },
    };
  }
  if (provenAt === null) {
    const kind = now - watchedSince >= UNPROVEN_MS && failing.length > 0 ? 'unproven' : null;
    const all = inOrder(regions, [...failing, ...suspect, ...recovering]);
    return {
      settled: true,
      verdict: { rule: 'unproven', kind, since: watchedSince, listening, failing: all, unknown },
    };
  }
  if (isPending(input, parts)) {
    const all = inOrder(regions, [...failing, ...recovering]);
    return { settled: false, verdict: nothingToTell(input, parts, all) };
  }
  return { settled: true, verdict: settledVerdict(input, parts) };
}

function isPending({ suspicion, now }: JudgeRegionsInput, parts: Parts): boolean {
  if (parts.recovering.length > 0) return true;
  if (!suspicion || parts.failing.length + parts.suspect.length === 0) return false;
  if (suspicion.askedAt !== null && now >= suspicion.askedAt + ANSWER_MS) return false;
  return parts.suspect.length > 0 || parts.unanswered > 0;
}

function settledVerdict(input: JudgeRegionsInput, parts: Parts): Verdict {
  const { regions, states } = input;
  const { failing, suspect, listening, unknown } = parts;
  const allFail = inOrder(regions, [...failing, ...suspect]);
  const lists = { listening, failing, unknown };
  const since = firstFailure(states, failing) ?? input.watchedSince;
  if (regions.length === 1) {
    const tries = states[failing[0] ?? '']?.tries ?? 0;
    if (tries < TRIES_ALONE) return nothingToTell(input, parts, failing);
    if (isDeadAddressOnly(input, failing, since)) {
      return { rule: 'dead_address_from_some', kind: 'partial', since, ...lists };
    }
    return { rule: handshakesRule(states, failing), kind: 'down', since, ...lists };
  }
  if (listening.length > 0 && failing.length > 0) {
    const rule = partialRule(states, failing, listening, input.freshSince);
    return { rule, kind: 'partial', since, ...lists };
  }
  if (listening.length === 0 && allFail.length >= 2) {
    const first = firstFailure(states, allFail) ?? since;
    if (isDeadAddressOnly(input, allFail, first)) {
      const rule = 'dead_address_from_some';
      return { rule, kind: 'partial', since: first, ...lists, failing: allFail };
    }
    const rule = handshakesRule(states, allFail);
    return { rule, kind: 'down', since: first, ...lists, failing: allFail };
  }
  if (listening.length === 0 && failing.length === 1) {
    return { rule: 'failing_where_seen', kind: 'failing_where_seen', since, ...lists };
  }
  return nothingToTell(input, parts, failing);
}

/**
 * Once every region has met a dead address, all of them fail; it is no outage while one of them gets through at another. Where no
 * incident says so yet, a region must have failed again after that, or the end of an outage would look like it.
 */
function isDeadAddressOnly(input: JudgeRegionsInput, allFail: readonly string[], first: number): boolean {
  const { states, now, intervalSeconds } = input;
  const { rule, told = null } = input.incident ?? {};
  const isSaid = rule === 'dead_address_from_some' || told !== null;
  const incident = isSaid ? input.incident : null;
  if (incident && incident.rule !== 'dead_address_from_some') return false;
  const after = Math.max(incident?.since ?? first, now - unknownAfterMs(intervalSeconds));
  return allFail.some((region) => {
    const state = states[region];
    const before = incident ? Number.POSITIVE_INFINITY : (state?.failing?.at ?? 0);
    return Object.values(state?.passedAt ?? {}).some((at) => at > after && at < before);
  });
}

/** Reachable, or not known to be otherwise; it holds since the last region of those that listen began to. */
function nothingToTell(input: JudgeRegionsInput, parts: Parts, failing: readonly string[]): Verdict {
  const { listening, unknown } = parts;
  const since = Math.max(
    input.watchedSince,
    ...listening.map((region) => input.states[region]?.since ?? input.watchedSince),
  );
  return { rule: 'reachable', kind: null, since, listening, failing, unknown };
}

function firstFailure(
  states: Readonly<Record<string, RegionState>>,
  failing: readonly string[],
): number | null {
  const times = failing.flatMap((region) => states[region]?.failingSince ?? []);
  return times.length > 0 ? Math.min(...times) : null;
}

function inOrder(regions: readonly string[], some: readonly string[]): readonly string[] {
  return regions.filter((region) => some.includes(region));
}
