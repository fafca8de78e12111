import { COHORT_SIZE, cohortName, parseCohort } from '../endpoint/cohort.ts';
import { tagOf } from '../endpoint/tag.ts';
import { allCohorts, claimPlace, releasePlace } from '../store/cohort.ts';
import { getEndpoint } from '../store/endpoint.ts';
import type { Api } from './api.ts';

/** A place of an endpoint in a cohort. */
export interface Place {
  readonly cohort: string;
  readonly tag: number;
}

/**
 * Claims a place for a tag in the first cohort of an interval that has room. Who loses the race for the last place of one
 * takes the next, in the end a new one.
 *
 * @param preferred - a cohort to be asked first: staying saves its endpoints' probers a reading.
 */
export async function claim(
  api: Api,
  tag: number,
  intervalSeconds: number,
  preferred?: string,
): Promise<Place> {
  if (preferred !== undefined && (await claimPlace(api.table, preferred, tag, api.now()))) {
    return { cohort: preferred, tag };
  }
  const cohorts = await allCohorts(api.table);
  const full = new Set(
    cohorts
      .filter(({ members }) => members.size >= COHORT_SIZE && !members.has(tag))
      .map(({ cohort }) => cohort),
  );
  for (let number = 0; ; number += 1) {
    const cohort = cohortName(intervalSeconds, number);
    if (full.has(cohort)) continue;
    if (await claimPlace(api.table, cohort, tag, api.now())) return { cohort, tag };
  }
}

/** Gives a claimed place back, unless the stored endpoint has it: a write of ours that was repeated looks like a lost race. */
export async function giveBack(api: Api, id: string, place: Place): Promise<void> {
  const stored = await getEndpoint(api.table, id);
  if (stored && stored.cohort === place.cohort && tagOf(stored) === place.tag) return;
  await releasePlace(api.table, place.cohort, place.tag);
}

/** Whether a cohort is of this interval. */
export const isOfInterval = (cohort: string, intervalSeconds: number): boolean =>
  parseCohort(cohort).intervalSeconds === intervalSeconds;
