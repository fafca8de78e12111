import type { RouteKey } from './api.ts';
import { JSON_TYPE, type Operation } from './operation.ts';
import { ON_CALL_OPERATIONS } from './operations-on-call.ts';

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
    problems: [404],
  },
  'GET /incidents/summary': {
    operationId: 'summariseIncidents',
    summary:
      'How many incidents opened from a time on, and how long it took to tell, acknowledge and resolve them.',
    query: ['from', 'to', 'team', 'endpoint', 'kind'],
    answers: { 200: 'IncidentSummary' },
    problems: [404],
  },
  'POST /checks': {
    operationId: 'createCheck',
    summary: 'Have every region try something once, now; nothing is judged, and nobody is alerted.',
    body: { schema: 'CheckInput', contentTypes: JSON_TYPE },
    answers: { 202: 'Check' },
    problems: [404, 413, 415, 429],
  },
  'GET /checks/{id}': {
    operationId: 'getCheck',
    summary: 'What the regions have seen so far; within 15 s each has answered, or is said not to have.',
    answers: { 200: 'Check' },
    problems: [404],
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
  ...ON_CALL_OPERATIONS,
};
