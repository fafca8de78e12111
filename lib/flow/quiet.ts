import type { Endpoint } from '../endpoint/endpoint.ts';
import { quietOf } from '../endpoint/quiet.ts';
import { mutesOf } from '../store/mute.ts';
import { quietPlans } from '../store/quiet.ts';
import type { Table } from '../store/table.ts';

/**
 * Until when nothing may be told of those endpoints that are quiet now, by id, epoch ms. A plan that cannot be read keeps nothing
 * quiet: in doubt it is told.
 */
export async function quietUntil(
  endpoints: readonly Endpoint[],
  table: Table,
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  if (endpoints.length === 0) return new Map();
  const ids = endpoints.map(({ id }) => id);
  const [mutes, plans] = await Promise.all([mutesOf(table, ids), quietPlans(table)]);
  for (const error of plans.unreadable) {
    console.error(JSON.stringify({ message: 'plan unreadable', error: error.message }));
  }
  return new Map(
    endpoints.flatMap((endpoint) => {
      const quiet = quietOf(endpoint, mutes.get(endpoint.id) ?? null, plans, nowMs);
      return quiet ? [[endpoint.id, quiet.untilMs] as const] : [];
    }),
  );
}
