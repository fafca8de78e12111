import type { Endpoint } from '../endpoint/endpoint.ts';
import { tagOf } from '../endpoint/tag.ts';
import type { EndpointState } from '../incident/state.ts';
import { removeAcknowledgement } from '../store/acknowledgement.ts';
import { releasePlace } from '../store/cohort.ts';
import { removeEndpoint } from '../store/endpoint.ts';
import { removeMute } from '../store/mute.ts';
import { removeState } from '../store/state.ts';
import type { JudgeContext } from './judge-context.ts';

/**
 * Ends a DELETE once nothing is left to tell. The endpoint's item goes last: while it is there, the next sweep finds what was
 * cut off.
 *
 * @returns whether anything was removed.
 */
export async function removeDeleted(
  cohort: string,
  endpoints: readonly Endpoint[],
  states: ReadonlyMap<string, EndpointState>,
  context: JudgeContext,
): Promise<boolean> {
  const { table } = context;
  let removed = false;
  for (const endpoint of endpoints) {
    if (endpoint.deletedAt === undefined) continue;
    const state = states.get(endpoint.id);
    if (!state || state.outbox.length > 0 || state.uncopied.length > 0 || state.incident) continue;
    await removeState(table, endpoint.id);
    await removeMute(table, endpoint.id);
    await removeAcknowledgement(table, endpoint.id);
    await releasePlace(table, cohort, tagOf(endpoint));
    await removeEndpoint(table, endpoint.id);
    removed = true;
  }
  return removed;
}
