import { createServer, type IncomingMessage } from 'node:http';
import type { Site } from '../dashboard/site.ts';
import { Metrics } from '../metrics.ts';
import type { LocalRoute } from '../resources/kind.ts';
import { FunctionError } from '../runtime/function-error.ts';
import { BodyTooLarge, readBody } from './body.ts';
import { type HttpAnswer, httpAnswer, httpEvent } from './event.ts';
import { listenOnLoopback } from './listen.ts';
import { problem } from './problem.ts';
import { match } from './routes.ts';
import { hostRefusal, refusal } from './rules.ts';

/** API Gateway's own limit for an HTTP API's payload ("Quotas for configuring and running an HTTP API"): 10 MB. */
const BODY_BYTES = 10_000_000;

export interface ApiServer {
  readonly url: string;
  /** From now on requests reach these routes; before, they are told to come again. */
  open(routes: readonly LocalRoute[]): void;
  close(): Promise<void>;
}

/** Where the dashboard finds the API, whoever serves it. */
export const API_PREFIX = '/api';

/** Where Prometheus scrapes. */
export const METRICS_PATH = '/metrics';

/** Listens on 127.0.0.1: the API, the same again below /api, and the dashboard. @throws UsageError when the port is taken. */
export async function startApiServer(
  port: number,
  site: Site,
  trouble: (what: string, error: unknown) => void,
): Promise<ApiServer> {
  let routes: readonly LocalRoute[] | null = null;
  const metrics = new Metrics({
    statusPage: (next) => ask(`/status?limit=100${next === null ? '' : `&next=${encodeURIComponent(next)}`}`),
    status: (id) => ask(`/endpoints/${id}/status`),
  });
  const server = createServer((request, response) => {
    serve({ routes, site, metrics }, request)
      .catch((error: unknown) => failure(error, trouble))
      .then(({ statusCode, headers, body }) => {
        response.writeHead(statusCode, { ...headers, 'content-length': body.length }).end(body);
      })
      .catch((error: unknown) => {
        trouble('an answer of the API could not be sent', error);
        response.destroy();
      });
  });
  const url = await listenOnLoopback(server, port);
  /** As any caller asks: what is scraped is what the API says. */
  async function ask<T>(path: string): Promise<T> {
    const response = await fetch(url + path);
    if (!response.ok) throw new Error(`GET ${path} answers ${response.status}`);
    return (await response.json()) as T;
  }
  return {
    url,
    open(opened) {
      routes = opened;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Served {
  /** null: still starting. */
  readonly routes: readonly LocalRoute[] | null;
  readonly site: Site;
  readonly metrics: Metrics;
}

async function serve({ routes, site, metrics }: Served, request: IncomingMessage): Promise<HttpAnswer> {
  const elsewhere = hostRefusal(request.headers);
  if (elsewhere) return problem(403, 'Forbidden', elsewhere);
  const base = `http://${request.headers.host}`;
  if (!URL.canParse(request.url ?? '', base)) return problem(400, 'Bad Request', 'the path cannot be read');
  const url = new URL(request.url ?? '/', base);
  const method = request.method ?? 'GET';
  const page = site.answer(method, url.pathname);
  if (page) return page;
  const refused = refusal(request.headers);
  if (refused) return problem(403, 'Forbidden', refused);
  if (!routes) return problem(503, 'Service Unavailable', 'still starting', { 'retry-after': '1' });
  if (url.pathname === METRICS_PATH && method === 'GET') {
    const body = Buffer.from(await metrics.text());
    return { statusCode: 200, headers: { 'content-type': metrics.contentType }, body };
  }
  if (url.pathname.startsWith(`${API_PREFIX}/`)) url.pathname = url.pathname.slice(API_PREFIX.length);
  let matched: ReturnType<typeof match<LocalRoute>>;
  try {
    matched = match(routes, method, url.pathname);
  } catch {
    return problem(400, 'Bad Request', 'the path is not validly percent-encoded');
  }
  switch (matched.kind) {
    case 'path':
      return problem(404, 'Not Found', `there is nothing at ${url.pathname}`);
    case 'method': {
      const allow = matched.allow.join(', ');
      return problem(405, 'Method Not Allowed', `${url.pathname} takes ${allow}`, { allow });
    }
    case 'found': {
      const { route, parameters } = matched.found;
      const body = await readBody(request, BODY_BYTES);
      const key = `${route.method} ${route.path}`;
      return httpAnswer(await route.function.invoke(httpEvent(request, url, key, parameters, body)));
    }
  }
}

function failure(error: unknown, trouble: (what: string, error: unknown) => void): HttpAnswer {
  if (error instanceof BodyTooLarge) {
    return problem(413, 'Content Too Large', error.message, { connection: 'close' });
  }
  trouble('the API failed', error);
  return error instanceof FunctionError && error.failure === 'timeout'
    ? problem(504, 'Gateway Timeout', 'the function took too long')
    : problem(500, 'Internal Server Error', 'the function failed; the terminal shows why');
}
