import type { RouteKey } from './api.ts';
import { JSON_TYPE, type Operation } from './operation.ts';

/** The routes for whoever is on call: what is acknowledged, what is quiet, drills. */
export const ON_CALL_OPERATIONS = {
  'PUT /endpoints/{id}/acknowledgement': {
    operationId: 'putAcknowledgement',
    summary: 'Say that somebody looks after the open incident: no reminders until then, or until its end.',
    body: { schema: 'AcknowledgementInput', contentTypes: JSON_TYPE },
    answers: { 200: 'AcknowledgedIncident' },
    problems: [404, 409, 413, 415],
  },
  'DELETE /endpoints/{id}/acknowledgement': {
    operationId: 'deleteAcknowledgement',
    summary: 'Take an acknowledgement back.',
    answers: { 204: null },
    problems: [404],
  },
  'PUT /incidents/{dedupKey}/acknowledgement': {
    operationId: 'putAcknowledgementOfIncident',
    summary:
      'The same of whatever is open by the dedupKey of its alerts: of an endpoint, a group or the watching.',
    body: { schema: 'AcknowledgementInput', contentTypes: JSON_TYPE },
    answers: { 200: 'AcknowledgedIncident' },
    problems: [404, 413, 415],
  },
  'DELETE /incidents/{dedupKey}/acknowledgement': {
    operationId: 'deleteAcknowledgementOfIncident',
    summary: 'Take it back.',
    answers: { 204: null },
    problems: [404],
  },
  'PUT /endpoints/{id}/mute': {
    operationId: 'putMute',
    summary: 'Tell nothing of an endpoint until a time.',
    body: { schema: 'MuteInput', contentTypes: JSON_TYPE },
    answers: { 200: 'Mute' },
    problems: [404, 413, 415],
  },
  'DELETE /endpoints/{id}/mute': {
    operationId: 'deleteMute',
    summary: 'Tell of an endpoint again.',
    answers: { 204: null },
    problems: [404],
  },
  'GET /mutes': {
    operationId: 'listMutes',
    summary: 'The mutes of endpoints and of tags that hold now.',
    answers: { 200: 'MutePage' },
    problems: [],
  },
  'PUT /mutes/tags/{tag}': {
    operationId: 'putTagMute',
    summary: 'Tell nothing of the endpoints with a tag until a time.',
    body: { schema: 'MuteInput', contentTypes: JSON_TYPE },
    answers: { 200: 'ListedMute' },
    problems: [409, 413, 415],
  },
  'DELETE /mutes/tags/{tag}': {
    operationId: 'deleteTagMute',
    summary: 'Tell of the endpoints with a tag again.',
    answers: { 204: null },
    problems: [],
  },
  'GET /maintenance': {
    operationId: 'listMaintenance',
    summary: 'All maintenance that is planned, and what is over until its rounds are forgotten.',
    answers: { 200: 'MaintenancePage' },
    problems: [],
  },
  'GET /maintenance/{id}': {
    operationId: 'getMaintenance',
    summary: 'One maintenance, with its next windows.',
    answers: { 200: 'Maintenance' },
    problems: [404],
  },
  'PUT /maintenance/{id}': {
    operationId: 'putMaintenance',
    summary: 'Plan maintenance, once or recurring, or replace it; its next windows are answered.',
    body: { schema: 'MaintenanceInput', contentTypes: JSON_TYPE },
    answers: { 200: 'Maintenance', 201: 'Maintenance' },
    problems: [409, 413, 415],
  },
  'DELETE /maintenance/{id}': {
    operationId: 'deleteMaintenance',
    summary: 'End maintenance and plan none any more.',
    answers: { 204: null },
    problems: [404],
  },
  'POST /drills': {
    operationId: 'createDrill',
    summary: 'Tell a test alert in every format, and say which topics have no confirmed subscriber.',
    body: { schema: 'DrillInput', contentTypes: JSON_TYPE, optional: true },
    answers: { 200: 'Drill' },
    problems: [413, 415],
  },
} as const satisfies Partial<Readonly<Record<RouteKey, Operation>>>;
