import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../http/body.ts';

/** What one function process says over the Lambda Runtime API. */
export interface RuntimeClient {
  /** The process asks for its next invocation; the answer may come any time later. */
  next(answer: (invocation: InvocationHeaders, event: string) => void): void;
  response(requestId: string, body: string): void;
  error(requestId: string | null, body: string): void;
}

/** The headers of an answer to `next`, see "Using the Lambda runtime API" in the AWS documentation. */
export interface InvocationHeaders {
  readonly requestId: string;
  /** Epoch ms. */
  readonly deadlineMs: number;
  readonly functionArn: string;
}

/** The Lambda Runtime API for any number of function processes, one path each that only the process knows. */
export interface RuntimeApi {
  /** Returns the value of AWS_LAMBDA_RUNTIME_API for one process, and how to forget it. */
  admit(client: RuntimeClient): { readonly address: string; forget(): void };
  close(): Promise<void>;
}

/** Lambda's own limit for an invocation's payload and response: 6 MiB and some room for the envelope. */
const BODY_BYTES = 7 * 1024 * 1024;

const PATH =
  /^\/([0-9a-f]{32})\/2018-06-01\/runtime\/(invocation\/next|init\/error|invocation\/([^/]+)\/(response|error))$/;

/** Listens on `address`, any port. @throws the listen error when the address cannot be used. */
export async function startRuntimeApi(address: string): Promise<RuntimeApi> {
  const clients = new Map<string, RuntimeClient>();
  const server = createServer((request, response) => {
    serve(clients, request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = address.includes(':') ? `[${address}]` : address;
  return {
    admit(client) {
      const token = randomBytes(16).toString('hex');
      clients.set(token, client);
      return { address: `${host}:${port}/${token}`, forget: () => clients.delete(token) };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  clients: ReadonlyMap<string, RuntimeClient>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const match = PATH.exec(request.url ?? '');
  const client = clients.get(match?.[1] ?? '');
  if (!match || !client) {
    response.writeHead(404).end();
    return;
  }
  if (match[2] === 'invocation/next') {
    client.next((invocation, event) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': invocation.requestId,
        'lambda-runtime-deadline-ms': String(invocation.deadlineMs),
        'lambda-runtime-invoked-function-arn': invocation.functionArn,
      });
      response.end(event);
    });
    return;
  }
  const body = (await readBody(request, BODY_BYTES)).toString();
  if (match[4] === 'response') client.response(match[3] ?? '', body);
  else client.error(match[3] ?? null, body);
  response.writeHead(202).end();
}
