import { cohortName, parseCohort } from '../endpoint/cohort.ts';
import { tagOf } from '../endpoint/tag.ts';
import { claimPlace, releasePlace } from '../store/cohort.ts';
import { getEndpoint } from '../store/endpoint.ts';
import { getRoom, noteFull, noteNewest } from '../store/room.ts';
import type { Api } from './api.ts';

/** A place of an endpoint in a cohort. */
export interface Place {
  readonly cohort: string;
  readonly tag: number;
}

/**
 * Claims a place for a tag: one that was freed, or one in the newest cohort of an interval, or in a new one. However many cohorts there
 * are, few are asked. That a cohort is in use is said before any endpoint is put there.
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
  const { table } = api;
  const { newest, freed } = await getRoom(table, intervalSeconds);
  for (const number of freed) {
    const cohort = cohortName(intervalSeconds, number);
    if (await claimPlace(table, cohort, tag, api.now())) return { cohort, tag };
    await noteFull(table, intervalSeconds, number);
  }
  for (let number = Math.max(0, newest); ; number += 1) {
    const cohort = cohortName(intervalSeconds, number);
    if (!(await claimPlace(table, cohort, tag, api.now()))) continue;
    if (number > newest) await noteNewest(table, intervalSeconds, number);
    return { cohort, tag };
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
