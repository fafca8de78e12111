import type { ApiClient } from '../api-client.ts';
import { ApiRefusal } from '../api-refusal.ts';
import { putEndpoint } from './deployment.ts';
import { eachOf } from './each.ts';
import type { MonitorFile } from './file.ts';
import type { Change } from './plan.ts';
import type { Mistake } from './source.ts';

/** No endpoint has it: they begin with 1. */
const NO_REVISION = 0;

/**
 * Asks the deployment whether it would take all that is to be put, changing nothing: it looks at the fields before it looks at the
 * precondition, and this one never holds.
 *
 * @returns what it would refuse, with its place in the file.
 * @throws ApiRefusal when it cannot be asked.
 */
export async function rehearse(
  api: ApiClient,
  changes: readonly Change[],
  file: Pick<MonitorFile, 'mistakeOf'>,
): Promise<readonly Mistake[]> {
  const mistakes: Mistake[] = [];
  await eachOf(changes, async (change) => {
    if (change.action === 'remove') return;
    try {
      await putEndpoint(api, change.id, change.desired.input, NO_REVISION);
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      // 409: it is being removed still, which is waited for when it is put.
      if (error.status === 412 || error.status === 409) return;
      if (error.status !== 400 && error.status !== 413) throw error;
      const fields = error.errors.length > 0 ? error.errors : [{ message: error.message }];
      for (const { pointer = '#', message } of fields) {
        mistakes.push(file.mistakeOf(change.id, { pointer, message }));
      }
    }
  });
  return mistakes;
}
