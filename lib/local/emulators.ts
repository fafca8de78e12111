import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';
import { claimDataDirectory } from './data-directory.ts';
import { followRequests } from './underway.ts';

/** The emulators' account. fauxqs knows no other. */
export const EMULATED_ACCOUNT = '000000000000';

export interface Emulators {
  /** For `AWS_ENDPOINT_URL_DYNAMODB`. */
  readonly dynamodbUrl: string;
  /** For `AWS_ENDPOINT_URL_SQS` and `AWS_ENDPOINT_URL_SNS`. */
  readonly awsUrl: string;
  /** Ends both; what `dataDir` holds is then on disk. */
  close(): Promise<void>;
}

export interface EmulatorOptions {
  /** Where to listen, and nowhere else. Default 127.0.0.1. */
  readonly address?: string;
  /** Where the table is kept, made if need be; absent: in memory. Queues and topics are never kept. */
  readonly dataDir?: string | undefined;
  /** 0, the default: any free port. */
  readonly dynamodbPort?: number;
  readonly awsPort?: number;
}

/**
 * Starts dynalite (DynamoDB) and fauxqs (SQS and SNS) in this process. fauxqs finds a queue by the name in its URL and, when
 * the URL's host begins with `sqs.<region>.`, by that region: so give clients the URLs that AWS would, and the endpoint
 * by `AWS_ENDPOINT_URL_SQS`.
 * @throws Error of one line when an address or a port cannot be had or the directory cannot be written.
 */
export async function startEmulators(options: EmulatorOptions = {}): Promise<Emulators> {
  const { address = '127.0.0.1', dataDir, dynamodbPort = 0, awsPort = 0 } = options;
  const directory = dataDir === undefined ? null : claimDataDirectory(dataDir);
  try {
    const dynamodb = await startDynamodb(address, dynamodbPort, directory?.tablePath);
    const written = followRequests(dynamodb);
    const aws = await startAws(address, awsPort).catch(async (error: unknown) => {
      await closeServer(dynamodb);
      throw error;
    });
    return {
      dynamodbUrl: urlOf(address, dynamodb),
      awsUrl: urlOf(address, aws.server),
      async close() {
        // dynalite closes its store under a write that is half done, whose error then ends the process.
        await Promise.all([written().then(() => closeServer(dynamodb)), aws.close()]);
        directory?.release();
      },
    };
  } catch (error) {
    directory?.release();
    throw error;
  }
}

async function startDynamodb(address: string, port: number, path: string | undefined): Promise<Server> {
  const server = dynalite({
    createTableMs: 0,
    updateTableMs: 0,
    deleteTableMs: 0,
    ...(path === undefined ? {} : { path }),
  });
  try {
    await listen(server, address, port);
  } catch (cause) {
    // dynalite closes its store only with a server that listens.
    await listen(server, '127.0.0.1', 0);
    await closeServer(server);
    throw unavailable(address, port, cause);
  }
  return server;
}

async function startAws(address: string, port: number): Promise<ReturnType<typeof buildApp>> {
  const app = buildApp({ logger: false });
  try {
    await app.listen({ host: address, port });
  } catch (cause) {
    throw unavailable(address, port, cause);
  }
  return app;
}

async function listen(server: Server, address: string, port: number): Promise<void> {
  server.listen(port, address);
  await once(server, 'listening');
}

function urlOf(address: string, server: Pick<Server, 'address'>): string {
  const { port } = server.address() as AddressInfo;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function unavailable(address: string, port: number, cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new Error(`port ${port} on ${address} is taken: name another, or 0 for any`, { cause });
    case 'EADDRNOTAVAIL':
      return new Error(`${address} is not an address of this machine: name one that is`, { cause });
    case 'EACCES':
      return new Error(`port ${port} on ${address} is not allowed to this user: name one above 1023`, {
        cause,
      });
    default:
      return new Error(
        `cannot listen on ${address} port ${port}: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
  });
  server.closeAllConnections();
  await closed;
}
