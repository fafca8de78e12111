import type { Incident } from '../incident/state.ts';
import type { WatchIncident } from '../incident/watch-state.ts';
import { BadCursor } from '../store/cursor.ts';
import { incidentsOf } from '../store/incident.ts';
import { openStates, statesOf } from '../store/state.ts';
import { getWatch } from '../store/watch.ts';
import { acknowledgementJson } from './acknowledgement.ts';
import { type RouteHandler, text, textOrNull } from './api.ts';
import { badCursor, nextOf, positionOf } from './cursor.ts';
import { readEndpoint } from './endpoints.ts';
import { existingId, limitOf, onlyParameters } from './request.ts';

const LIMITS = { fallback: 100, max: 500 };

/** All four durations count from the first failing handshake. */
export function incidentJson(endpointId: string, incident: Incident) {
  const { id, rule, kind, severity, since, openedAt, toldAt, endedAt, end } = incident;
  const { failingRegions, flapping, acknowledged, acknowledgedAt } = incident;
  const after = (at: number | null): number | null => (at === null ? null : at - since);
  return {
    id,
    endpoint: endpointId,
    region: null,
    rule,
    kind,
    severity,
    since: text(since),
    openedAt: text(openedAt),
    toldAt: textOrNull(toldAt),
    endedAt: textOrNull(endedAt),
    end,
    untold: toldAt === null,
    failingRegions,
    flapping,
    acknowledged: acknowledged && acknowledgementJson(acknowledged),
    timeToConfirmMs: openedAt - since,
    timeToTellMs: after(toldAt),
    timeToAcknowledgeMs: after(acknowledgedAt),
    timeToResolveMs: after(endedAt),
  };
}

/** An incident of the watching itself, in the same shape. Nobody can acknowledge it. */
export function watchIncidentJson(incident: WatchIncident) {
  const { id, finding, severity, since, openedAt, endedAt, end } = incident;
  const { kind, region } = finding;
  return {
    id,
    endpoint: null,
    region,
    rule: kind,
    kind,
    severity,
    since: text(since),
    openedAt: text(openedAt),
    toldAt: text(openedAt),
    endedAt: textOrNull(endedAt),
    end,
    untold: false,
    failingRegions: [],
    flapping: false,
    acknowledged: null,
    timeToConfirmMs: openedAt - since,
    timeToTellMs: openedAt - since,
    timeToAcknowledgeMs: null,
    timeToResolveMs: endedAt === null ? null : endedAt - since,
  };
}

/** The history of one endpoint, newest first; an incident that is open is as the judge knows it. */
export const getIncidentsOfOne: RouteHandler = async (request, api) => {
  onlyParameters(request, ['limit', 'next']);
  const { id } = await readEndpoint(api, existingId(request));
  const limit = limitOf(request, LIMITS);
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

/** What is open now, newest first. */
export const getOpenIncidents: RouteHandler = async (request, api) => {
  onlyParameters(request, ['limit', 'next']);
  const limit = limitOf(request, LIMITS);
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
