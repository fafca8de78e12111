import { type Endpoint, isWatched } from '../endpoint/endpoint.ts';
import { tagOf } from '../endpoint/tag.ts';
import { newer } from '../incident/acknowledgement.ts';
import { type JudgeInput, type JudgeResult, judge } from '../incident/judge.ts';
import type { Acknowledgement, EndpointState } from '../incident/state.ts';
import { isHeld } from '../incident/telling.ts';
import type { Observation } from '../round/observation.ts';
import { acknowledgementsOf, acknowledgementsOfOthers } from '../store/acknowledgement.ts';
import { type Cohort, getCohort, releasePlace, writeWake } from '../store/cohort.ts';
import { askOthers, sampled } from './ask.ts';
import { AttentionKeeper, attentionOf } from './attention.ts';
import { crowdedCauses, membersByCause, noteCauses, type Open } from './causes.ts';
import type { CohortContext, JudgeContext } from './judge-context.ts';
import { Saves } from './judge-memory.ts';
import { type NamedRounds, observationsOf } from './observations.ts';
import { quietUntil } from './quiet.ts';
import { removeDeleted } from './remove.ts';
import { save } from './save.ts';
import { tell } from './tell.ts';

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
  const { results, failed } = await judgeAll(cohort, endpoints, states, observations, context);

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
  const asked = sampled(cohort, results, context.now());
  for (const follow of [
    () => askOthers(cohort, asked, judged, context),
    () => tell(judged, context),
    () => noteCauses(item, membersByCause(openOf(endpoints, results)), context),
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

/**
 * One judgement an endpoint. What keeps it quiet is read only for those that have something to tell, once for all: where there
 * is nothing to tell, mutes and maintenances cost nothing.
 */
async function judgeAll(
  cohort: string,
  endpoints: readonly Endpoint[],
  states: ReadonlyMap<string, EndpointState>,
  observations: ReadonlyMap<number, ReadonlyMap<string, readonly Observation[]>>,
  context: JudgeContext,
): Promise<{ readonly results: Map<string, JudgeResult>; readonly failed: number }> {
  const { environment, table, now } = context;
  const results = new Map<string, JudgeResult>();
  const open = endpoints.filter(({ id }) => states.get(id)?.incident);
  const acknowledgements = await saidOf(open, states, context);
  const common = {
    deployedRegions: environment.regions,
    now: now(),
    mutedUntil: null,
    remindEveryMs: environment.remindEveryMinutes * 60_000 || null,
  };
  const inputs = new Map(
    endpoints.map((endpoint): [string, JudgeInput] => {
      const tag = tagOf(endpoint);
      const state = states.get(endpoint.id) ?? null;
      const seen = observations.get(tag) ?? new Map<string, readonly Observation[]>();
      const acknowledgement = acknowledgements.get(endpoint.id) ?? null;
      return [endpoint.id, { ...common, endpoint, tag, state, observations: seen, acknowledgement }];
    }),
  );
  const judgeOne = (id: string, input: JudgeInput): void => {
    try {
      results.set(id, judge(input));
    } catch (error) {
      results.delete(id);
      console.error(JSON.stringify({ message: 'endpoint not judged', id, error: String(error) }));
    }
  };
  for (const [id, input] of inputs) judgeOne(id, input);
  const again = (id: string, more: Partial<JudgeInput>): void => {
    const before = inputs.get(id);
    if (!before) return;
    const input = { ...before, ...more };
    inputs.set(id, input);
    judgeOne(id, input);
  };
  const loud = (): Endpoint[] =>
    [...results]
      .filter(([id, { state }]) => state.outbox.length > (inputs.get(id)?.state?.outbox.length ?? 0))
      .flatMap(([id]) => inputs.get(id)?.endpoint ?? []);
  for (const [id, mutedUntil] of await quietUntil(loud(), table, common.now)) again(id, { mutedUntil });
  const told = loud();
  const crowded = await crowdedCauses(cohort, openOf(told, results), openOf(endpoints, results), context);
  if (crowded.size > 0) for (const { id } of told) again(id, { crowded });
  return { results, failed: inputs.size - results.size };
}

/** What was said last of each endpoint's open incident: of itself, or of what it is told with. */
async function saidOf(
  open: readonly Endpoint[],
  states: ReadonlyMap<string, EndpointState>,
  { table }: JudgeContext,
): Promise<ReadonlyMap<string, Acknowledgement>> {
  const ids = open.map(({ id }) => id);
  const causeOf = (id: string): string | null => states.get(id)?.incident?.grouped ?? null;
  const causes = [...new Set(ids.flatMap((id) => causeOf(id) ?? []))];
  const [own, common] = await Promise.all([
    acknowledgementsOf(table, ids),
    acknowledgementsOfOthers(table, causes),
  ]);
  return new Map(
    ids.flatMap((id) => {
      const said = newer(own.get(id) ?? null, common.get(causeOf(id) ?? '') ?? null);
      return said ? [[id, said] as const] : [];
    }),
  );
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

/** Those that are told, or will be: who is muted has nothing in common with them. */
function openOf(endpoints: readonly Endpoint[], results: ReadonlyMap<string, JudgeResult>): readonly Open[] {
  return endpoints.flatMap((endpoint) => {
    const { state, example = null } = results.get(endpoint.id) ?? {};
    const incident = state?.incident;
    if (!state || !incident || !example || isHeld(incident, { endpoint, now: example.at })) return [];
    return [{ endpoint, state, incident, example }];
  });
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
