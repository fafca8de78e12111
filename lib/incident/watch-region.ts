import { type Health, isConfirmed, isRecovered } from './health.ts';
import type { Expectation, Finding } from './watch-state.ts';

/** What a region's probers have noted. Times are epoch ms. */
export interface RegionFacts {
  readonly region: string;
  readonly notedAt: number | null;
  readonly health: Health | null;
  readonly controls: {
    readonly passed: number;
    readonly tried: number;
    readonly syns: number;
    readonly lost: number;
  } | null;
}

/**
 * A region must have been found nearly silent this long before it is told to be so: when home itself was away, the regions note
 * again within a minute. A little less than a minute, so that two looks of the watchdog are enough.
 */
const SEEN_BEFORE_MS = 55_000;
const NEARLY_MS = 60_000;

/** How long a region may say nothing: two rounds of the fastest cohort and a minute, and never less than three minutes. */
export function silentAfterMs(intervalSeconds: number): number {
  return Math.max(180_000, 2 * intervalSeconds * 1000 + 60_000);
}

/**
 * What is expected of a region from now on. What is asked for oftener is expected oftener only from when it is asked.
 *
 * @param intervalSeconds - of the fastest cohort.
 */
export function expectationOf(
  before: Expectation | undefined,
  facts: RegionFacts,
  intervalSeconds: number,
  now: number,
): Expectation {
  const since = before && intervalSeconds >= before.intervalSeconds ? before.since : now;
  const heard = Math.max(facts.notedAt ?? 0, since);
  const nearly = now - heard > silentAfterMs(intervalSeconds) - NEARLY_MS;
  return { since, intervalSeconds, silentSeenAt: nearly ? (before?.silentSeenAt ?? now) : null };
}

/**
 * What is wrong with a region; null: nothing that is certain. What is open stays until the contrary is certain.
 *
 * @param open - what is told of it already.
 */
export function findingOf(
  facts: RegionFacts,
  expectation: Expectation,
  open: Finding | null,
  now: number,
): Finding | null {
  return silence(facts, expectation, open, now) ?? sickness(facts, open, now);
}

function silence(
  { region, notedAt }: RegionFacts,
  { since, intervalSeconds, silentSeenAt }: Expectation,
  open: Finding | null,
  now: number,
): Finding | null {
  if (open?.kind === 'region_silent') return (notedAt ?? 0) > open.since ? null : open;
  if (silentSeenAt === null || now - silentSeenAt < SEEN_BEFORE_MS) return null;
  const heard = Math.max(notedAt ?? 0, since);
  return now - heard > silentAfterMs(intervalSeconds)
    ? { kind: 'region_silent', region, since: heard }
    : null;
}

function sickness(
  { region, health, controls }: RegionFacts,
  open: Finding | null,
  now: number,
): Finding | null {
  if (health === null) return null;
  if (open?.kind === 'region_unhealthy') return isRecovered(health, now) ? null : open;
  if (health.healthy || !isConfirmed(health)) return null;
  const { passed, tried, syns, lost } = controls ?? { passed: 0, tried: 0, syns: 0, lost: 0 };
  return { kind: 'region_unhealthy', region, since: health.since, passed, tried, syns, lost };
}
