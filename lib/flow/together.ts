import type { Endpoint } from '../endpoint/endpoint.ts';
import { tagOf } from '../endpoint/tag.ts';
import { keysNow } from '../incident/cause.ts';
import type { EndpointState } from '../incident/state.ts';
import type { Cohort } from '../store/cohort.ts';
import { getGroup } from '../store/group.ts';
import type { JudgeContext } from './judge-context.ts';

/** When incidents that were told with others ended in a judgement, by cause: the newest. */
export function endsByCause(results: Iterable<EndpointState>): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  for (const { uncopied } of results) {
    for (const { grouped, endedAt } of uncopied) {
      if (grouped === null || endedAt === null) continue;
      ends.set(grouped, Math.max(endedAt, ends.get(grouped) ?? 0));
    }
  }
  return ends;
}

/**
 * When the last alert of a cause was told that counted an endpoint of this cohort, by endpoint and cause: of those that have something
 * open that nobody was told of by itself.
 */
export async function toldTogether(
  { causes }: Cohort,
  endpoints: readonly Endpoint[],
  states: ReadonlyMap<string, EndpointState>,
  { table }: JudgeContext,
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const waiting = endpoints.flatMap((endpoint) => {
    const state = states.get(endpoint.id);
    if (!state?.incident || state.incident.toldAt !== null) return [];
    const keys = keysNow(state.incident, state, endpoint.team).filter((key) => causes.has(key));
    return keys.length > 0 ? [{ id: endpoint.id, tag: tagOf(endpoint), keys }] : [];
  });
  const keys = [...new Set(waiting.flatMap((one) => one.keys))];
  const read = await Promise.all(keys.map((key) => getGroup(table, key)));
  const told = new Map(
    read.flatMap(({ cause, incident }) =>
      incident ? [[cause, { at: incident.told.at, counted: new Set(incident.counted) }] as const] : [],
    ),
  );
  return new Map(
    waiting.map(({ id, tag, keys: own }) => {
      const times = own.flatMap((key) => {
        const said = told.get(key);
        return said?.counted.has(tag) ? [[key, said.at] as const] : [];
      });
      return [id, new Map(times)];
    }),
  );
}
