import { type Endpoint, isWatched } from '../endpoint/endpoint.ts';
import { tagOf } from '../endpoint/tag.ts';
import type { JudgeResult } from '../incident/judge.ts';
import type { EndpointState } from '../incident/state.ts';
import { type Cohort, getCohort, releasePlace, writeWake } from '../store/cohort.ts';
import { askOthers, sampled } from './ask.ts';
import { AttentionKeeper, attentionOf } from './attention.ts';
import { noteCauses } from './causes.ts';
import { judgeAll, openOf } from './judge-all.ts';
import type { CohortContext, JudgeContext } from './judge-context.ts';
import { Saves } from './judge-memory.ts';
import { membersByCause } from './members.ts';
import { type NamedRounds, observationsOf } from './observations.ts';
import { removeDeleted } from './remove.ts';
import { save } from './save.ts';
import { tell } from './tell.ts';
import { goneByCause, togetherOf } from './together.ts';

/** A claim without an endpoint this old is of a PUT that was cut off. */
const STALE_CLAIM_MS = 60 * 60_000;

export interface Judged {
  readonly endpoints: number;
  readonly saved: number;
  readonly failed: number;
}

/**
 * Judges every endpoint of a cohort from the table: attention made equal to STATE, then one pure judgement an endpoint, one
 * conditional put of what changed, then what the judgement orders. An error of one endpoint never fails the others.
 * @throws when something that must not be lost failed; the queue delivers the message again and everything converges.
 */
export async function judgeCohort(
  cohort: string,
  named: NamedRounds,
  context: JudgeContext,
): Promise<Judged> {
  try {
    return await judgeNow(cohort, named, { ...context, saves: new Saves(context.table, cohort) });
  } catch (error) {
    // What was saved of it, and what was not, the table knows.
    context.memory.forget(cohort);
    throw error;
  }
}

async function judgeNow(cohort: string, named: NamedRounds, context: CohortContext): Promise<Judged> {
  const { table, memory } = context;
  const item = await getCohort(table, cohort);
  if (!item) return { endpoints: 0, saved: 0, failed: 0 };
  const members = await memory.endpoints.read(table, item, context.now());
  const endpoints = members.map(({ endpoint }) => endpoint);
  const ids = endpoints.map(({ id }) => id);
  const states = await memory.states(table, item, ids);
  const attention = new AttentionKeeper(table, item);
  await attention.exactly(attentionOf(ofCohort(endpoints, states)));

  const observations = await observationsOf(cohort, named, context);
  const together = await togetherOf(item, endpoints, states, context);
  const { results, quiet, failed } = await judgeAll(
    cohort,
    endpoints,
    states,
    observations,
    together,
    context,
  );

  const judged = new Map([...results].map(([id, { state }]) => [id, state]));
  await attention.atLeast(attentionOf(judged.values()));
  let saved = 0;
  const troubles: unknown[] = [];
  for (const [id, { state, changed }] of results) {
    if (!changed) continue;
    try {
      judged.set(id, await save(state, context));
      saved += 1;
    } catch (error) {
      // Nothing may follow from what is not saved.
      judged.delete(id);
      results.delete(id);
      troubles.push(error);
      console.error(JSON.stringify({ message: 'state not saved', id, error: String(error) }));
    }
  }
  const gone = goneByCause(
    states,
    [...results.values()].map(({ state }) => state),
  );
  const asked = sampled(cohort, results, context.now());
  for (const follow of [
    () => askOthers(cohort, asked, judged, context),
    () => tell(judged, context),
    () => noteCauses(item, membersByCause(openOf(endpoints, results, quiet)), gone, context),
  ]) {
    await follow().catch((error: unknown) => troubles.push(error));
  }
  await attention.exactly(attentionOf(ofCohort(endpoints, new Map([...states, ...judged]))));
  await wake(item, results, context);
  const removed = await removeDeleted(cohort, endpoints, judged, context);
  await freeStaleClaims(cohort, item.members, endpoints, context);
  if (troubles.length > 0)
    throw new Error(`${cohort}: ${troubles.length} things could not be finished yet`, { cause: troubles[0] });
  const saves = await context.saves.count(item.saves);
  if (removed || saves === null) memory.forget(cohort);
  else memory.keep(cohort, saves, stored(states, judged));
  return { endpoints: endpoints.length, saved, failed };
}

/** What is in the table: a judgement that changed newest-times alone is not. */
function stored(
  before: ReadonlyMap<string, EndpointState>,
  judged: ReadonlyMap<string, EndpointState>,
): ReadonlyMap<string, EndpointState> {
  const saved = [...judged].filter(([id, { version }]) => version > (before.get(id)?.version ?? 0));
  return new Map([...before, ...saved]);
}

/** What time alone will change is left to the watchdog, which looks at every cohort each minute. */
async function wake(
  { cohort, wakeAt: before }: Cohort,
  results: ReadonlyMap<string, JudgeResult>,
  { table }: JudgeContext,
): Promise<void> {
  const times = [...results.values()].flatMap(({ wakeAt }) => wakeAt ?? []);
  const wakeAt = times.length > 0 ? Math.min(...times) : null;
  if (wakeAt !== before) await writeWake(table, cohort, wakeAt);
}

/** The stored states that are about the endpoints as they are now: a former host's tag has no place in attention. */
function ofCohort(
  endpoints: readonly Endpoint[],
  states: ReadonlyMap<string, EndpointState>,
): EndpointState[] {
  return endpoints.flatMap((endpoint) => {
    const state = states.get(endpoint.id);
    return state && state.tag === tagOf(endpoint) && isWatched(endpoint) ? [state] : [];
  });
}

async function freeStaleClaims(
  cohort: string,
  members: ReadonlyMap<number, number>,
  endpoints: readonly Endpoint[],
  context: JudgeContext,
): Promise<void> {
  const taken = new Set(endpoints.map(tagOf));
  for (const [tag, claimedAt] of members) {
    if (!taken.has(tag) && context.now() - claimedAt > STALE_CLAIM_MS) {
      await releasePlace(context.table, cohort, tag);
    }
  }
}
