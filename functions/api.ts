import middy from '@middy/core';
import httpRouter from '@middy/http-router';
import { type Answer, type Api, type RouteHandler, routeKey } from '../lib/api/api.ts';
import { type ApiEvent, type ApiResult, COMMON_HEADERS, problems } from '../lib/api/problem.ts';
import { requestOf } from '../lib/api/request.ts';
import { HANDLERS, noRoute } from '../lib/api/routes.ts';
import { readEnvironment } from '../lib/deployment/environment.ts';
import { ROUTES } from '../lib/deployment/routes.ts';
import { openQueues } from '../lib/queue/queues.ts';
import { openTable } from '../lib/store/table.ts';
import { openTopics } from '../lib/topic/topics.ts';

const environment = readEnvironment();
const { deployment, tableName, roundDays } = environment;
const api: Api = {
  environment,
  table: openTable({ name: tableName, region: deployment.homeRegion, roundDays }),
  queues: openQueues(environment),
  topics: openTopics(deployment.homeRegion),
  now: Date.now,
};

const routes = ROUTES.map((route) => {
  const answer = HANDLERS[routeKey(route)];
  return { ...route, handler: (event: ApiEvent) => served(answer, event) };
});

async function served(handler: RouteHandler, event: ApiEvent): Promise<ApiResult> {
  return resultOf(await handler(requestOf(event), api));
}

function resultOf({ status, body, headers = {} }: Answer): ApiResult {
  if (body === undefined) return { statusCode: status, headers: { ...COMMON_HEADERS, ...headers } };
  return {
    statusCode: status,
    headers: { ...COMMON_HEADERS, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

const router = httpRouter<ApiEvent, ApiResult>({
  routes,
  notFoundResponse: (asked) => {
    throw noRoute(asked);
  },
});

/** The HTTP API: a payload v2.0 event of API Gateway in, JSON or a problem out. */
export const handler = middy<ApiEvent, ApiResult>().use(problems()).handler(router);
