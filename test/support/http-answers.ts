import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { SignedRequest } from './sigv4.ts';

export interface Given {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** As JSON, unless it is a text. */
  readonly body?: unknown;
}

/** An HTTP server that answers what it is told to, and remembers what it was asked. Null: it never answers. */
export async function startAnswers(answer: (request: SignedRequest) => Given | null | Promise<Given | null>) {
  const asked: SignedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const { method = '', url: target = '', headers } = incoming;
    const request = { method, target, headers, body: await buffer(incoming) };
    asked.push(request);
    const given = await answer(request);
    if (given === null) return;
    const { status = 200, body } = given;
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    response.writeHead(status, { 'content-type': type, ...given.headers }).end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}
