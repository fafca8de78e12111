/**
 * The routes of the API, as API Gateway writes them (`METHOD /path/{parameter}`). The stack makes one IAM-authorised route
 * of each, the function dispatches on them and the OpenAPI document describes them: a path that is not here costs no
 * invocation.
 */
export const ROUTES = [
  { method: 'GET', path: '/endpoints' },
  { method: 'GET', path: '/endpoints/{id}' },
  { method: 'PUT', path: '/endpoints/{id}' },
  { method: 'PATCH', path: '/endpoints/{id}' },
  { method: 'DELETE', path: '/endpoints/{id}' },
  { method: 'GET', path: '/endpoints/{id}/status' },
  { method: 'GET', path: '/endpoints/{id}/timings' },
  { method: 'GET', path: '/endpoints/{id}/timings/summary' },
  { method: 'GET', path: '/endpoints/{id}/incidents' },
  { method: 'PUT', path: '/endpoints/{id}/acknowledgement' },
  { method: 'DELETE', path: '/endpoints/{id}/acknowledgement' },
  { method: 'PUT', path: '/endpoints/{id}/mute' },
  { method: 'DELETE', path: '/endpoints/{id}/mute' },
  { method: 'GET', path: '/status' },
  { method: 'GET', path: '/incidents' },
  { method: 'GET', path: '/incidents/summary' },
  { method: 'PUT', path: '/incidents/{dedupKey}/acknowledgement' },
  { method: 'DELETE', path: '/incidents/{dedupKey}/acknowledgement' },
  { method: 'GET', path: '/mutes' },
  { method: 'PUT', path: '/mutes/tags/{tag}' },
  { method: 'DELETE', path: '/mutes/tags/{tag}' },
  { method: 'GET', path: '/maintenance' },
  { method: 'GET', path: '/maintenance/{id}' },
  { method: 'PUT', path: '/maintenance/{id}' },
  { method: 'DELETE', path: '/maintenance/{id}' },
  { method: 'POST', path: '/drills' },
  { method: 'POST', path: '/checks' },
  { method: 'GET', path: '/checks/{id}' },
  { method: 'GET', path: '/regions' },
  { method: 'GET', path: '/openapi.json' },
  { method: 'GET', path: '/alert.schema.json' },
] as const;

export type Route = (typeof ROUTES)[number];
