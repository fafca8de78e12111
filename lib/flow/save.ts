import { nextVersion } from '../incident/judge.ts';
import type { EndpointState } from '../incident/state.ts';
import { saveState } from '../store/state.ts';
import type { JudgeContext } from './judge-context.ts';

/** Saves as the next version. @throws when another judge was faster: a cohort change in flight; delivered again. */
export async function save(state: EndpointState, context: JudgeContext): Promise<EndpointState> {
  const next = nextVersion(state);
  if (!(await saveState(context.table, next))) {
    throw new Error(`the state of ${state.endpointId} was written by another judge meanwhile`);
  }
  return next;
}
