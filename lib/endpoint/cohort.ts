import { crc32 } from 'node:zlib';

/** At most this many endpoints share a cohort. */
export const COHORT_SIZE = 64;

/** Cohorts that knock at the same second, and so travel in one queue message: 8 × 64 = 512 endpoints. */
export const COHORTS_IN_STEP = 8;

/** `60-0`, `60-1`, …: the interval and a number. */
export function cohortName(intervalSeconds: number, number: number): string {
  return `${intervalSeconds}-${number}`;
}

/** @throws when the text is not a cohort's name. */
export function parseCohort(cohort: string): { readonly intervalSeconds: number; readonly number: number } {
  const match = /^(\d+)-(\d+)$/.exec(cohort);
  if (!match) throw new Error(`not a cohort: ${cohort}`, { cause: { cohort } });
  return { intervalSeconds: Number(match[1]), number: Number(match[2]) };
}

/**
 * The epoch second at which a region tries a cohort for a slot. Cohorts are spread over the interval so that load is even;
 * regions are spread so that they do not knock together and some region meets an outage within interval / regions.
 */
export function momentOf(slot: number, cohort: string, position: number, regions: number): number {
  const { intervalSeconds, number } = parseCohort(cohort);
  const phase = crc32(`${intervalSeconds}/${Math.floor(number / COHORTS_IN_STEP)}`) % intervalSeconds;
  return slot + (Math.floor(phase + (position * intervalSeconds) / regions) % intervalSeconds);
}

/** Nothing is probed for a slot any more this long after its moment, in seconds. */
export function latenessSeconds(intervalSeconds: number): number {
  return Math.max(intervalSeconds, 60);
}

/** A region without a conclusive observation for this long is `unknown`, in ms. */
export function unknownAfterMs(intervalSeconds: number): number {
  return Math.max(3 * intervalSeconds, 180) * 1000;
}
