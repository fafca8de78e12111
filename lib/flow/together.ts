import type { Endpoint } from '../endpoint/endpoint.ts';
import { tagOf } from '../endpoint/tag.ts';
import { causeKeysOf, keysNow } from '../incident/cause.ts';
import type { GroupInput } from '../incident/group-telling.ts';
import type { Together } from '../incident/scene.ts';
import type { EndpointState } from '../incident/state.ts';
import type { Cohort } from '../store/cohort.ts';
import { getGroup } from '../store/group.ts';
import type { JudgeContext } from './judge-context.ts';

/** What is known of those that have left a cause. */
export type Gone = Partial<Pick<GroupInput, 'left'>> & { readonly endedAt?: number };

/** Who has left in a judgement what it was told with, by cause: when the newest of them was well again, and whether any is not. */
export function goneByCause(
  before: ReadonlyMap<string, EndpointState>,
  after: Iterable<EndpointState>,
): ReadonlyMap<string, Gone> {
  const gone = new Map<string, Gone>();
  for (const { endpointId, incident, uncopied } of after) {
    for (const { grouped, endedAt } of uncopied) {
      if (grouped === null || endedAt === null) continue;
      const known = gone.get(grouped);
      gone.set(grouped, { ...known, endedAt: Math.max(endedAt, known?.endedAt ?? 0) });
    }
    const known = before.get(endpointId)?.incident;
    const moved = incident && known && known.id === incident.id && known.grouped !== incident.grouped;
    if (moved && known.grouped !== null) gone.set(known.grouped, { ...gone.get(known.grouped), left: true });
  }
  return gone;
}

/**
 * What the alerts about many have to do with each endpoint of this cohort, by cause: asked for those that have something open that nobody
 * was told of by itself, or that now see something else than what they are told with.
 */
export async function togetherOf(
  { causes }: Cohort,
  endpoints: readonly Endpoint[],
  states: ReadonlyMap<string, EndpointState>,
  { table }: JudgeContext,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Together>>> {
  const asking = endpoints.flatMap((endpoint) => {
    const state = states.get(endpoint.id);
    const incident = state?.incident;
    if (!incident) return [];
    const { grouped, toldAt } = incident;
    const differs = grouped !== null && !causeKeysOf(incident, state, endpoint.team).includes(grouped);
    if (toldAt !== null && !differs) return [];
    const keys = keysNow(incident, state, endpoint.team).filter((key) => causes.has(key));
    return keys.length > 0 ? [{ id: endpoint.id, tag: tagOf(endpoint), keys }] : [];
  });
  const wanted = [...new Set(asking.flatMap(({ keys }) => keys))];
  const groups = await Promise.all(wanted.map((key) => getGroup(table, key)));
  const open = new Map(
    groups.flatMap(({ cause, incident }) =>
      incident ? [[cause, { incident, counted: new Set(incident.counted) }] as const] : [],
    ),
  );
  return new Map(
    asking.map(({ id, tag, keys }) => {
      const own = keys.flatMap((key) => {
        const found = open.get(key);
        if (!found) return [];
        const { told, causes: most } = found.incident;
        return [[key, { toldAt: found.counted.has(tag) ? told.at : null, causes: most }] as const];
      });
      return [id, new Map(own)];
    }),
  );
}
