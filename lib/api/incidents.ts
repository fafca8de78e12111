import { BadCursor } from '../store/cursor.ts';
import { incidentsOf } from '../store/incident.ts';
import { openStates, statesOf } from '../store/state.ts';
import { getWatch } from '../store/watch.ts';
import type { RouteHandler } from './api.ts';
import { badCursor, nextOf, positionOf } from './cursor.ts';
import { readEndpoint } from './endpoints.ts';
import { getHistory } from './history.ts';
import { filterOf, INCIDENT_FILTERS, knownEndpoint } from './incident-filter.ts';
import { INCIDENT_LIMITS, incidentJson, watchIncidentJson } from './incident-json.ts';
import { existingId, limitOf, onlyParameters } from './request.ts';

/** The history of one endpoint, newest first; an incident that is open is as the judge knows it. */
export const getIncidentsOfOne: RouteHandler = async (request, api) => {
  onlyParameters(request, ['limit', 'next']);
  const { id } = await readEndpoint(api, existingId(request));
  const limit = limitOf(request, INCIDENT_LIMITS);
  const [page, states] = await Promise.all([
    incidentsOf(api.table, id, { limit, before: request.query.get('next') }).catch((error: unknown) => {
      throw error instanceof BadCursor ? badCursor() : error;
    }),
    statesOf(api.table, [id]),
  ]);
  const open = states.get(id)?.incident ?? null;
  const items = page.items.map((incident) => (incident.id === open?.id ? open : incident));
  // Its history copy is written after the state; until then it would be missing.
  const uncopied = open && !request.query.has('next') && !items.includes(open) ? [open] : [];
  return {
    status: 200,
    body: { items: [...uncopied, ...items].map((incident) => incidentJson(id, incident)), next: page.next },
  };
};

/** `GET /incidents`: the history when it is asked from when, else what is open now. */
export const getIncidents: RouteHandler = (request, api) => {
  onlyParameters(request, ['from', 'to', ...INCIDENT_FILTERS, 'limit', 'next']);
  return request.query.has('from') || request.query.has('to')
    ? getHistory(request, api)
    : getOpenIncidents(request, api);
};

/** What is open now, newest first. */
const getOpenIncidents: RouteHandler = async (request, api) => {
  await knownEndpoint(request, api, 'now');
  const limit = limitOf(request, INCIDENT_LIMITS);
  const isAsked = filterOf(request);
  const [openedAt, id = ''] = positionOf(request, 'incidents', /^(\d{1,15})\/([a-z0-9.-]{1,80})$/) ?? [];
  const after = openedAt === undefined ? null : { openedAt: Number(openedAt), id };
  const [states, watch] = await Promise.all([openStates(api.table), getWatch(api.table)]);
  const ofEndpoints = states.flatMap(({ endpointId, incident }) =>
    incident
      ? [{ of: endpointId, openedAt: incident.openedAt, json: incidentJson(endpointId, incident) }]
      : [],
  );
  const ofTheWatching = Object.values(watch.open).map((incident) => ({
    of: incident.subject,
    openedAt: incident.openedAt,
    json: watchIncidentJson(incident),
  }));
  const open = [...ofEndpoints, ...ofTheWatching]
    .filter(({ json }) => isAsked(json))
    .sort((a, b) => b.openedAt - a.openedAt || (a.of < b.of ? -1 : 1))
    .filter((one) => {
      if (!after || one.openedAt < after.openedAt) return true;
      return one.openedAt === after.openedAt && one.of > after.id;
    });
  const items = open.slice(0, limit);
  const last = open.length > limit ? items.at(-1) : undefined;
  const next = last ? nextOf('incidents', `${last.openedAt}/${last.of}`) : null;
  return { status: 200, body: { items: items.map(({ json }) => json), next } };
};
