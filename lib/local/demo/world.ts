import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Configuration } from '../../deployment/configuration.ts';
import { codeOf, UsageError } from '../usage-error.ts';
import { type KeyAndCertificate, makeCertificates } from './certificates.ts';
import { startResolver } from './resolver.ts';
import { type ServerThread, startServers } from './servers.ts';

/** Where all regions but one find the demo's servers, and where that one finds the shop. Loopback, all of 127.0.0.0/8 is. */
const SHARED = '127.0.0.2';
const APART = '127.0.0.3';

/** Names that only the demo's resolvers know. */
const NAMES = ['shop.demo', 'api.demo', 'expired.demo', 'refused.demo'] as const;

export interface DemoWorld {
  /** The region for which the fault is made. */
  readonly region: string;
  readonly ports: { readonly healthy: number; readonly expired: number; readonly refused: number };
  /** The shop as `region` reaches it. */
  readonly shop: ServerThread;
  readonly caFile: string;
  readonly controls: readonly string[];
  readonly resolvers: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts everything the demo's endpoints need, on loopback. @throws UsageError where loopback has but one address. */
export async function startWorld(configuration: Configuration, directory: string): Promise<DemoWorld> {
  const { regions, homeRegion } = configuration;
  const region = regions.findLast((candidate) => candidate !== homeRegion) ?? homeRegion;
  const { authority, valid, expired } = await makeCertificates(NAMES);
  const caFile = join(directory, 'demo-authority.pem');
  writeFileSync(caFile, authority);
  const server = { address: SHARED, port: 0, backlog: 128 };
  const healthy = await startServers([
    { ...server, ...valid },
    { ...server, ...expired },
  ]).catch(explain);
  const [port = 0, expiredPort = 0] = healthy.ports;
  const shop = await startApart(port, valid).catch(explain);
  const controls = [await startControl(), await startControl()];
  const resolvers = await Promise.all(
    regions.map(async (name) => ({
      name,
      resolver: await startResolver(
        Object.fromEntries(
          NAMES.map((host) => [host, host === 'shop.demo' && name === region ? APART : SHARED]),
        ),
        configuration.resolvers[name] ?? null,
      ),
    })),
  );
  return {
    region,
    ports: { healthy: port, expired: expiredPort, refused: await freePort() },
    shop,
    caFile,
    controls: controls.map(({ address }) => address),
    resolvers: Object.fromEntries(resolvers.map(({ name, resolver }) => [name, resolver.address])),
    async close() {
      const all = [healthy, shop, ...controls, ...resolvers.map(({ resolver }) => resolver)];
      await Promise.all(all.map((one) => one.close()));
    },
  };
}

/** The same port at another address; whoever has it there had it by chance. */
async function startApart(port: number, valid: KeyAndCertificate): Promise<ServerThread> {
  return startServers([{ address: APART, port, backlog: 1, ...valid }]);
}

function explain(cause: unknown): never {
  if (codeOf(cause) === 'EADDRNOTAVAIL') {
    throw new UsageError(
      `the demo needs ${SHARED} and ${APART}: add them (macOS: sudo ifconfig lo0 alias ${SHARED}), or --no-demo`,
      { cause },
    );
  }
  throw cause;
}

async function startControl(): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = createServer((socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A port on which nothing listens any more. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, SHARED);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
