import { cohortName, parseCohort } from '../endpoint/cohort.ts';
import { type Endpoint, INTERVALS } from '../endpoint/endpoint.ts';
import { endpointsOf } from '../store/endpoint.ts';
import { newestCohorts } from '../store/room.ts';
import type { Api, RouteHandler } from './api.ts';
import { nextOf, positionOf } from './cursor.ts';
import { endpointJson } from './endpoints.ts';
import { type ApiRequest, limitOf, onlyParameters } from './request.ts';

/** A filter that matches little must not read the whole table for one page: the page is then short and `next` goes on. */
const COHORTS_A_PAGE = 32;

const POSITION = /^(\d{1,6}-\d{1,9})\/([a-z0-9-]{0,63})$/;

interface EndpointPage {
  readonly endpoints: readonly Endpoint[];
  readonly next: string | null;
}

/**
 * A page of endpoints, ordered by cohort and id, optionally only those with `?tag=` and `?team=`. One that was created a
 * moment ago may be missing; one that is being deleted is.
 */
export async function pageOfEndpoints(
  request: ApiRequest,
  api: Api,
  limits: { readonly fallback: number; readonly max: number },
): Promise<EndpointPage> {
  onlyParameters(request, ['limit', 'next', 'tag', 'team']);
  const limit = limitOf(request, limits);
  const [fromCohort, afterId = ''] = positionOf(request, 'endpoints', POSITION) ?? [];
  const newest = await newestCohorts(api.table);
  const cohorts = INTERVALS.flatMap((interval) =>
    Array.from({ length: (newest.get(interval) ?? -1) + 1 }, (_, number) => cohortName(interval, number)),
  ).filter((cohort) => fromCohort === undefined || inOrder(fromCohort, cohort) <= 0);
  const endpoints: Endpoint[] = [];
  for (const [read, cohort] of cohorts.entries()) {
    if (read === COHORTS_A_PAGE) return { endpoints, next: nextOf('endpoints', `${cohort}/`) };
    for (const endpoint of await endpointsOf(api.table, cohort)) {
      if (cohort === fromCohort && endpoint.id <= afterId) continue;
      if (!matches(endpoint, request.query)) continue;
      const last = endpoints.at(-1);
      if (last && endpoints.length === limit) {
        return { endpoints, next: nextOf('endpoints', `${last.cohort}/${last.id}`) };
      }
      endpoints.push(endpoint);
    }
  }
  return { endpoints, next: null };
}

function inOrder(a: string, b: string): number {
  const [one, other] = [parseCohort(a), parseCohort(b)];
  return one.intervalSeconds - other.intervalSeconds || one.number - other.number;
}

function matches(endpoint: Endpoint, query: ReadonlyMap<string, string>): boolean {
  const [tag, team] = [query.get('tag'), query.get('team')];
  if (endpoint.deletedAt !== undefined) return false;
  return (tag === undefined || endpoint.tags.includes(tag)) && (team === undefined || endpoint.team === team);
}

export const getAll: RouteHandler = async (request, api) => {
  const { endpoints, next } = await pageOfEndpoints(request, api, { fallback: 100, max: 500 });
  return { status: 200, body: { items: endpoints.map(endpointJson), next } };
};
