import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestApi } from './api.ts';

interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** The real API behind a port of its own. `instead` may answer for it; null: the API answers. */
export async function serveTestApi(
  api: TestApi,
  instead: (request: IncomingMessage) => Promise<Answered | null> = async () => null,
) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    asked.push(`${method} ${url}`);
    const raw = await text(request);
    const given = Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    );
    const answered =
      (await instead(request)) ??
      (await api.call(method, url, undefined, {
        headers: Object.fromEntries(given),
        ...(raw === '' ? {} : { raw }),
      }));
    const type = answered.status < 400 ? 'application/json' : 'application/problem+json';
    response.writeHead(answered.status, { 'content-type': type });
    response.end(answered.body === undefined ? undefined : JSON.stringify(answered.body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** `METHOD path` of every request. */
    asked,
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}
