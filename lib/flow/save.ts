import { nextVersion } from '../incident/judge.ts';
import type { Telling } from '../incident/mark.ts';
import type { EndpointState } from '../incident/state.ts';
import { saveState } from '../store/state.ts';
import type { CohortContext } from './judge-context.ts';

/**
 * Saves what has an outbox as its next version.
 *
 * @param put - false when another version is there already.
 * @throws when another judge was faster: a cohort change in flight; delivered again.
 */
export async function saveNext<S extends Telling>(
  state: S,
  put: (next: S) => Promise<boolean>,
  what: string,
): Promise<S> {
  const next = nextVersion(state);
  if (!(await put(next))) throw new Error(`${what} was written by another judge meanwhile`);
  return next;
}

/** Saves the state of an endpoint. @throws as saveNext does. */
export async function save(state: EndpointState, { table, saves }: CohortContext): Promise<EndpointState> {
  await saves.begin();
  return saveNext(state, (next) => saveState(table, next), `the state of ${state.endpointId}`);
}
