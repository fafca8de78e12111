import { parseCauseKey } from '../incident/cause.ts';
import { settlesAt } from '../incident/flapping.ts';
import type { Incident } from '../incident/state.ts';
import type { WatchIncident } from '../incident/watch-state.ts';
import { acknowledgementJson } from './acknowledgement.ts';
import { text, textOrNull } from './api.ts';

export const INCIDENT_LIMITS = { fallback: 100, max: 500 };

/** All four durations count from the first failing handshake. */
export function incidentJson(endpointId: string, incident: Incident) {
  const { id, rule, kind, severity, since, openedAt, toldAt, endedAt, end } = incident;
  const { failingRegions, failedRegions, team, flapping, acknowledged, acknowledgedAt, grouped } = incident;
  const after = (at: number | null): number | null => (at === null ? null : at - since);
  return {
    id,
    endpoint: endpointId,
    region: null,
    team,
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
    failedRegions,
    flapping,
    settlesAt: textOrNull(settlesAt(incident)),
    groupedBy: grouped === null ? null : parseCauseKey(grouped).cause.kind,
    cause: grouped,
    acknowledged: acknowledged && acknowledgementJson(acknowledged),
    timeToConfirmMs: openedAt - since,
    timeToTellMs: after(toldAt),
    timeToAcknowledgeMs: after(acknowledgedAt),
    timeToResolveMs: after(endedAt),
  };
}

/** An incident of the watching itself, in the same shape. */
export function watchIncidentJson(incident: WatchIncident) {
  const { id, finding, severity, since, openedAt, endedAt, end, acknowledged, acknowledgedAt } = incident;
  const { kind, region } = finding;
  return {
    id,
    endpoint: null,
    region,
    team: null,
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
    failedRegions: [],
    flapping: false,
    settlesAt: null,
    groupedBy: null,
    cause: null,
    acknowledged: acknowledged && acknowledgementJson(acknowledged),
    timeToConfirmMs: openedAt - since,
    timeToTellMs: openedAt - since,
    timeToAcknowledgeMs: acknowledgedAt === null ? null : acknowledgedAt - since,
    timeToResolveMs: endedAt === null ? null : endedAt - since,
  };
}

export type IncidentJson = ReturnType<typeof incidentJson> | ReturnType<typeof watchIncidentJson>;
