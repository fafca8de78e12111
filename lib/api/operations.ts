import type { RouteKey } from './api.ts';
import type { SchemaName } from './schemas.ts';

/** What the OpenAPI document says of a route, beyond what its path says. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly query?: readonly ParameterName[];
  /** The `If-Match` and `If-None-Match` headers are looked at. */
  readonly conditional?: true;
  readonly body?: {
    readonly schema: SchemaName;
    readonly contentTypes: readonly string[];
    readonly optional?: true;
  };
  /** Status to what is answered; null: no body. */
  readonly answers: Readonly<Record<string, SchemaName | 'object' | null>>;
  /** Statuses of problems that this route has beside 400 and 500. */
  readonly problems: readonly (404 | 409 | 412 | 413 | 415)[];
}

export const PARAMETERS = {
  limit: { schema: { type: 'integer', minimum: 1 }, description: 'Items a page, at most.' },
  next: { schema: { type: 'string' }, description: 'The "next" of the page before.' },
  tag: { schema: { type: 'string' }, description: 'Only endpoints with this tag.' },
  team: { schema: { type: 'string' }, description: 'Only of this team.' },
  endpoint: { schema: { type: 'string' }, description: 'Only of the endpoint with this id.' },
  kind: { schema: { type: 'string' }, description: 'Only of this kind.' },
  region: { schema: { type: 'string' }, description: 'Only this region.' },
  from: {
    schema: { type: 'string', format: 'date-time' },
    description:
      'Not before. Default of timings: an hour before "to"; of a summary of incidents: 30 days before it.',
  },
  to: { schema: { type: 'string', format: 'date-time' }, description: 'Before; default: now.' },
} as const;
export type ParameterName = keyof typeof PARAMETERS;

const JSON_TYPE = ['application/json'];
const list = ['limit', 'next', 'tag', 'team'] as const;

export const OPERATIONS: Readonly<Record<RouteKey, Operation>> = {
  'GET /endpoints': {
    operationId: 'listEndpoints',
    summary: 'All endpoints, by interval and id.',
    query: list,
    answers: { 200: 'EndpointPage' },
    problems: [],
  },
  'GET /endpoints/{id}': {
    operationId: 'getEndpoint',
    summary: 'One endpoint; its ETag is its revision.',
    answers: { 200: 'Endpoint' },
    problems: [404],
  },
  'PUT /endpoints/{id}': {
    operationId: 'putEndpoint',
    summary: 'Create an endpoint or replace it; what is left out gets its default.',
    conditional: true,
    body: { schema: 'EndpointInput', contentTypes: JSON_TYPE },
    answers: { 200: 'Endpoint', 201: 'Endpoint' },
    problems: [409, 412, 413, 415],
  },
  'PATCH /endpoints/{id}': {
    operationId: 'patchEndpoint',
    summary: 'Change some fields; null takes serverName, team, runbookUrl or severities away.',
    conditional: true,
    body: { schema: 'EndpointPatch', contentTypes: ['application/merge-patch+json', ...JSON_TYPE] },
    answers: { 200: 'Endpoint' },
    problems: [404, 409, 412, 413, 415],
  },
  'DELETE /endpoints/{id}': {
    operationId: 'deleteEndpoint',
    summary: 'Stop watching an endpoint; what is open is resolved.',
    conditional: true,
    answers: { 202: 'Deletion' },
    problems: [404, 409, 412],
  },
  'GET /endpoints/{id}/status': {
    operationId: 'getStatus',
    summary: 'What all regions together mean now, and what each of them says.',
    answers: { 200: 'Status' },
    problems: [404],
  },
  'GET /endpoints/{id}/timings': {
    operationId: 'getTimings',
    summary: 'What was measured, region by region, oldest first.',
    query: ['region', 'from', 'to', 'limit', 'next'],
    answers: { 200: 'TimingPage' },
    problems: [404],
  },
  'GET /endpoints/{id}/timings/summary': {
    operationId: 'summariseTimings',
    summary: "Median and 95th percentile of each stage from each region, without what is not the network's.",
    query: ['region', 'from', 'to'],
    answers: { 200: 'TimingSummary' },
    problems: [404],
  },
  'GET /endpoints/{id}/incidents': {
    operationId: 'getIncidentsOfEndpoint',
    summary: 'The incidents of an endpoint, newest first.',
    query: ['limit', 'next'],
    answers: { 200: 'IncidentPage' },
    problems: [404],
  },
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
  'GET /status': {
    operationId: 'listStatus',
    summary: 'What is known of all endpoints now.',
    query: list,
    answers: { 200: 'StatusPage' },
    problems: [],
  },
  'GET /incidents': {
    operationId: 'listIncidents',
    summary:
      'The incidents that opened from a time on, newest first; without "from" those that are open now.',
    query: ['from', 'to', 'team', 'endpoint', 'kind', 'limit', 'next'],
    answers: { 200: 'IncidentPage' },
    problems: [],
  },
  'GET /incidents/summary': {
    operationId: 'summariseIncidents',
    summary:
      'How many incidents opened from a time on, and how long it took to tell, acknowledge and resolve them.',
    query: ['from', 'to', 'team', 'endpoint', 'kind'],
    answers: { 200: 'IncidentSummary' },
    problems: [],
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
  'GET /regions': {
    operationId: 'listRegions',
    summary: 'The regions that probe, their health and the addresses they probe from.',
    answers: { 200: 'RegionPage' },
    problems: [],
  },
  'GET /openapi.json': {
    operationId: 'getOpenApi',
    summary: 'This document.',
    answers: { 200: 'object' },
    problems: [],
  },
  'GET /alert.schema.json': {
    operationId: 'getAlertSchema',
    summary: 'JSON Schema of the json format of alerts.',
    answers: { 200: 'object' },
    problems: [],
  },
};
