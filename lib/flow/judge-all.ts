import type { Endpoint } from '../endpoint/endpoint.ts';
import { tagOf } from '../endpoint/tag.ts';
import { newer } from '../incident/acknowledgement.ts';
import { type JudgeInput, type JudgeResult, judge } from '../incident/judge.ts';
import type { Together } from '../incident/scene.ts';
import type { Acknowledgement, EndpointState } from '../incident/state.ts';
import { isHeld } from '../incident/telling.ts';
import type { Observation } from '../round/observation.ts';
import { acknowledgementsOf, acknowledgementsOfOthers } from '../store/acknowledgement.ts';
import { crowdedCauses } from './causes.ts';
import type { JudgeContext } from './judge-context.ts';
import type { Open } from './members.ts';
import { quietUntil } from './quiet.ts';

export interface AllJudged {
  readonly results: Map<string, JudgeResult>;
  /** Until when nothing is told of those that have something to tell, or will have. */
  readonly quiet: ReadonlyMap<string, number>;
  readonly failed: number;
}

/**
 * One judgement an endpoint. What keeps it quiet is read only for those that have something to tell, or will have, once for all: where
 * there is nothing to tell, mutes and maintenances cost nothing.
 */
export async function judgeAll(
  cohort: string,
  endpoints: readonly Endpoint[],
  states: ReadonlyMap<string, EndpointState>,
  observations: ReadonlyMap<number, ReadonlyMap<string, readonly Observation[]>>,
  together: ReadonlyMap<string, ReadonlyMap<string, Together>>,
  context: JudgeContext,
): Promise<AllJudged> {
  const { environment, table, now } = context;
  const results = new Map<string, JudgeResult>();
  const known = endpoints.filter(({ id }) => states.get(id)?.incident);
  const acknowledgements = await saidOf(known, states, context);
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
      const own = { endpoint, tag, state, observations: seen, acknowledgement };
      return [endpoint.id, { ...common, ...own, together: together.get(endpoint.id) }];
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
  const untold = endpoints.filter(({ id }) => results.get(id)?.state.incident?.told === null);
  const quiet = await quietUntil([...new Set([...loud(), ...untold])], table, common.now);
  for (const [id, mutedUntil] of quiet) again(id, { mutedUntil });
  const told = loud();
  const open = openOf(endpoints, results, quiet);
  const due = open.filter(({ endpoint }) => told.includes(endpoint));
  const crowded = await crowdedCauses(cohort, due, open, context);
  const joins = ({ id }: Endpoint): boolean => crowded.size > 0 || (together.get(id)?.size ?? 0) > 0;
  for (const endpoint of told.filter(joins)) again(endpoint.id, { crowded });
  return { results, quiet, failed: inputs.size - results.size };
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

/** Those that are told, or will be: who is muted has nothing in common with them. */
export function openOf(
  endpoints: readonly Endpoint[],
  results: ReadonlyMap<string, JudgeResult>,
  quiet: ReadonlyMap<string, number>,
): readonly Open[] {
  return endpoints.flatMap((endpoint) => {
    const { state, example = null } = results.get(endpoint.id) ?? {};
    const incident = state?.incident;
    if (!state || !incident || !example || isHeld(incident, { endpoint, now: example.at })) return [];
    if (incident.told === null && quiet.has(endpoint.id)) return [];
    return [{ endpoint, state, incident, example }];
  });
}
