import { setTimeout } from 'node:timers/promises';
import type { ApiClient } from '../api-client.ts';
import { ApiRefusal } from '../api-refusal.ts';
import { deleteEndpoint, putEndpoint, readDeployed } from './deployment.ts';
import { eachOf } from './each.ts';
import { type Change, fieldChanges } from './plan.ts';

/** How one change of a plan ended: null: as planned. */
export interface Done {
  readonly change: Change;
  readonly error: string | null;
}

/** Waits after refusals that end by themselves: an endpoint of the same id is being removed (seconds), or the API is asked too often. */
const WAITS_MS = [1000, 2000, 4000, 8000, 8000];
const PASSING: readonly (number | null)[] = [409, 429, 502, 503, 504];
const NO_WAY: readonly (number | null)[] = [null, 401, 403];
const NOT_TRIED = new ApiRefusal('not tried any more');
const OVERTAKEN = new ApiRefusal(
  'somebody else changed it meanwhile: it was left alone, apply again to see what is different now',
  { status: 412 },
);

/**
 * Does what a plan says, removals last. One that fails stops no other; each is done only if the endpoint still is what the plan was made of.
 *
 * @param onDone - called after each.
 * @returns how each ended, in the order of the plan.
 */
export async function carryOut(
  api: ApiClient,
  changes: readonly Change[],
  onDone: () => void = () => {},
  waitsMs: readonly number[] = WAITS_MS,
): Promise<readonly Done[]> {
  const errors = new Map<Change, string | null>();
  let cutOff = false;
  const one = async (change: Change): Promise<void> => {
    const refusal = cutOff ? NOT_TRIED : await refusalOf(api, change, waitsMs);
    // Where there is no API, or none for these credentials, there is none for the rest either.
    cutOff ||= refusal !== null && NO_WAY.includes(refusal.status);
    errors.set(change, refusal?.message ?? null);
    onDone();
  };
  await eachOf(
    changes.filter(({ action }) => action !== 'remove'),
    one,
  );
  await eachOf(
    changes.filter(({ action }) => action === 'remove'),
    one,
  );
  return changes.map((change) => ({ change, error: errors.get(change) ?? null }));
}

/** Null: it is done. */
async function refusalOf(
  api: ApiClient,
  change: Change,
  waitsMs: readonly number[],
): Promise<ApiRefusal | null> {
  for (const waitMs of waitsMs) {
    const refusal = await tried(api, change);
    if (refusal === null || !PASSING.includes(refusal.status)) return refusal;
    await setTimeout(waitMs);
  }
  return tried(api, change);
}

async function tried(api: ApiClient, change: Change): Promise<ApiRefusal | null> {
  try {
    await attempt(api, change);
    return null;
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    if (change.action === 'remove' && error.status === 404) return null;
    return error.status === 412 ? overtaken(api, change) : error;
  }
}

async function attempt(api: ApiClient, change: Change): Promise<void> {
  switch (change.action) {
    case 'add':
      return putEndpoint(api, change.id, change.desired.input, null);
    case 'change':
      return putEndpoint(api, change.id, change.desired.input, change.deployed.revision);
    case 'remove':
      return deleteEndpoint(api, change.id, change.deployed.revision);
  }
}

/** Null: whoever was faster did the same. Two runs of one file do, and an answer may be lost on its way. */
async function overtaken(api: ApiClient, change: Change): Promise<ApiRefusal | null> {
  try {
    const present = await readDeployed(api, change.id);
    const same =
      change.action === 'remove'
        ? present === null
        : present !== null && fieldChanges(present, change.desired.settings).length === 0;
    return same ? null : OVERTAKEN;
  } catch (error) {
    if (error instanceof ApiRefusal) return error;
    throw error;
  }
}
