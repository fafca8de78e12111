import { createServer, type IncomingMessage } from 'node:http';
import type { Site } from '../../local/dashboard/site.ts';
import type { HttpAnswer } from '../../local/http/event.ts';
import { listenOnLoopback } from '../../local/http/listen.ts';
import { problem } from '../../local/http/problem.ts';
import { hostRefusal, refusal } from '../../local/http/rules.ts';
import { API_PREFIX, METRICS_PATH } from '../../local/http/server.ts';
import type { Metrics } from '../../local/metrics.ts';
import type { ApiFetch } from '../api-fetch.ts';
import { ApiRefusal } from '../api-refusal.ts';
import { proxied } from './proxy.ts';

export interface DashboardServer {
  readonly url: string;
  close(): Promise<void>;
}

interface Served {
  readonly site: Site;
  readonly api: ApiFetch;
  readonly metrics: Metrics;
}

/**
 * Serves the dashboard, the API below /api and /metrics on 127.0.0.1. What is asked is signed with the user's credentials, so that
 * nobody but programs of this machine and the page itself may ask.
 * @throws UsageError when the port cannot be had.
 */
export async function startDashboard(
  port: number,
  served: Served,
  trouble: (what: string, error: unknown) => void,
): Promise<DashboardServer> {
  const server = createServer((request, response) => {
    answerTo(request, served)
      .catch((error: unknown) => {
        trouble('an answer could not be made', error);
        return problem(500, 'Internal Server Error', 'the terminal shows why');
      })
      .then(({ statusCode, headers, body }) => {
        const length = statusCode === 204 ? {} : { 'content-length': body.length };
        response.writeHead(statusCode, { ...headers, ...length }).end(body);
      })
      .catch((error: unknown) => {
        trouble('an answer could not be sent', error);
        response.destroy();
      });
  });
  const url = await listenOnLoopback(server, port);
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerTo(request: IncomingMessage, { site, api, metrics }: Served): Promise<HttpAnswer> {
  const elsewhere = hostRefusal(request.headers);
  if (elsewhere) return problem(403, 'Forbidden', elsewhere);
  const base = `http://${request.headers.host}`;
  if (!URL.canParse(request.url ?? '', base)) return problem(400, 'Bad Request', 'the path cannot be read');
  const { pathname, search } = new URL(request.url ?? '/', base);
  const page = site.answer(request.method ?? 'GET', pathname);
  if (page) return page;
  const refused = refusal(request.headers);
  if (refused) return problem(403, 'Forbidden', refused);
  if (pathname === METRICS_PATH && request.method === 'GET') return metricsOf(metrics);
  if (pathname.startsWith(`${API_PREFIX}/`)) {
    return proxied(request, `${pathname.slice(API_PREFIX.length)}${search}`, api);
  }
  return problem(404, 'Not Found', `there is nothing at ${pathname}: the API is below ${API_PREFIX}/`);
}

async function metricsOf(metrics: Metrics): Promise<HttpAnswer> {
  try {
    const body = Buffer.from(await metrics.text());
    return { statusCode: 200, headers: { 'content-type': metrics.contentType }, body };
  } catch (error) {
    if (error instanceof ApiRefusal) return problem(502, 'Bad Gateway', error.message);
    throw error;
  }
}
