import { ROUTES } from '../deployment/routes.ts';
import {
  deleteAcknowledgement,
  deleteAcknowledgementOfIncident,
  putAcknowledgementOfIncident,
  putAcknowledgementOfOne,
} from './acknowledgement.ts';
import type { RouteHandler, RouteKey } from './api.ts';
import { getOneCheck, postCheck } from './checks.ts';
import { postDrill } from './drills.ts';
import { deleteOne, getOne, patchOne, putOne } from './endpoints.ts';
import { getIncidentSummary } from './history.ts';
import { getIncidents, getIncidentsOfOne } from './incidents.ts';
import { getAll } from './list.ts';
import { deleteMaintenance, getAllMaintenance, getMaintenanceOne, putMaintenanceOne } from './maintenance.ts';
import { deleteMute, deleteTagMute, getMutes, putMuteOfOne, putMuteOfTag } from './mute.ts';
import { getAlertSchema, getOpenApi } from './openapi.ts';
import { Problem } from './problem.ts';
import { getRegions } from './regions.ts';
import { shown } from './request.ts';
import { getStatus, getStatusOfAll } from './status.ts';
import { getTimingSummary } from './timing-summary.ts';
import { getTimings } from './timings.ts';

/** What answers each deployed route. */
export const HANDLERS: Readonly<Record<RouteKey, RouteHandler>> = {
  'GET /endpoints': getAll,
  'GET /endpoints/{id}': getOne,
  'PUT /endpoints/{id}': putOne,
  'PATCH /endpoints/{id}': patchOne,
  'DELETE /endpoints/{id}': deleteOne,
  'GET /endpoints/{id}/status': getStatus,
  'GET /endpoints/{id}/timings': getTimings,
  'GET /endpoints/{id}/timings/summary': getTimingSummary,
  'GET /endpoints/{id}/incidents': getIncidentsOfOne,
  'PUT /endpoints/{id}/acknowledgement': putAcknowledgementOfOne,
  'DELETE /endpoints/{id}/acknowledgement': deleteAcknowledgement,
  'PUT /endpoints/{id}/mute': putMuteOfOne,
  'DELETE /endpoints/{id}/mute': deleteMute,
  'GET /status': getStatusOfAll,
  'GET /incidents': getIncidents,
  'GET /incidents/summary': getIncidentSummary,
  'PUT /incidents/{dedupKey}/acknowledgement': putAcknowledgementOfIncident,
  'DELETE /incidents/{dedupKey}/acknowledgement': deleteAcknowledgementOfIncident,
  'GET /mutes': getMutes,
  'PUT /mutes/tags/{tag}': putMuteOfTag,
  'DELETE /mutes/tags/{tag}': deleteTagMute,
  'GET /maintenance': getAllMaintenance,
  'GET /maintenance/{id}': getMaintenanceOne,
  'PUT /maintenance/{id}': putMaintenanceOne,
  'DELETE /maintenance/{id}': deleteMaintenance,
  'POST /drills': postDrill,
  'POST /checks': postCheck,
  'GET /checks/{id}': getOneCheck,
  'GET /regions': getRegions,
  'GET /openapi.json': getOpenApi,
  'GET /alert.schema.json': getAlertSchema,
};

/** For what no route takes: 405 with `Allow` where another method is served (RFC 9110 section 15.5.6), else 404. */
export function noRoute({ method, path }: { readonly method: string; readonly path: string }): Problem {
  const allowed = ROUTES.filter((route) => patternOf(route.path).test(path)).map((route) => route.method);
  if (allowed.length === 0) return new Problem(404, `there is no ${shown(path)}: see GET /openapi.json`);
  const allow = allowed.join(', ');
  return new Problem(405, `${shown(method)} is not served here: use ${allow}`, { headers: { allow } });
}

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`);
