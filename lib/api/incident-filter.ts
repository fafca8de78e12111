import { ID_PATTERN } from '../endpoint/schema.ts';
import { KINDS } from '../endpoint/severity.ts';
import { WATCH_KINDS } from '../incident/watch-state.ts';
import { getEndpoint } from '../store/endpoint.ts';
import { incidentsOf } from '../store/incident.ts';
import type { Api } from './api.ts';
import type { IncidentJson } from './incident-json.ts';
import { badParameter } from './problem.ts';
import { type ApiRequest, noEndpoint } from './request.ts';

/** The query parameters that say which incidents are asked for. */
export const INCIDENT_FILTERS = ['team', 'endpoint', 'kind'] as const;

/** Whether an incident is one of those that the query asks for. @throws Problem for a kind that there is not. */
export function filterOf({ query }: ApiRequest): (incident: IncidentJson) => boolean {
  const [team, endpoint, kind] = INCIDENT_FILTERS.map((name) => query.get(name));
  const kinds: readonly string[] = [...KINDS, ...WATCH_KINDS];
  if (kind !== undefined && !kinds.includes(kind)) {
    throw badParameter('kind', `must be one of ${kinds.join(', ')}`);
  }
  return (incident) =>
    (team === undefined || incident.team === team) &&
    (endpoint === undefined || incident.endpoint === endpoint) &&
    (kind === undefined || incident.kind === kind);
}

/**
 * That nothing is open of an endpoint that there is not reads as all clear: whoever asks has mistyped it, or it is gone.
 * @param when - `ever`: one that is gone has a history, and may be asked for it.
 * @throws Problem 404
 */
export async function knownEndpoint(
  { query }: ApiRequest,
  { table }: Api,
  when: 'now' | 'ever',
): Promise<void> {
  const id = query.get('endpoint');
  if (id === undefined) return;
  if (ID_PATTERN.test(id)) {
    // One that is being deleted may still have its incident open.
    if (await getEndpoint(table, id)) return;
    if (when === 'ever' && (await incidentsOf(table, id, { limit: 1 })).items.length > 0) return;
  }
  throw noEndpoint(id, { parameter: 'endpoint' });
}
