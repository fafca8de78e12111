import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Endpoint } from '../../../lib/endpoint/endpoint.ts';
import type { Emulators } from '../../../lib/local/emulators.ts';
import { certificates } from '../certificates.ts';
import { startTestStack, type TestStack } from '../emulators.ts';
import { Shop } from '../shop.ts';
import { Fleet, type FleetOptions } from './fleet.ts';
import { Meter, type Tally } from './meter.ts';

export interface HarbourOptions {
  /** See TestStackOptions. */
  readonly emulators?: Emulators;
  /** See Fleet.register: the clock then stands at the beginning. Default: all are known, and ten minutes have passed. */
  readonly known?: number;
  readonly regions: number;
  readonly handshake: Endpoint['handshake'];
  /** How many endpoints each cohort has. */
  readonly cohorts: readonly number[];
  /** See FleetOptions. */
  readonly concurrency?: FleetOptions['concurrency'];
  /** So many of the first ones are behind a port that can be shut. Default: none. */
  readonly failing?: number;
}

const REGIONS = ['eu-west-1', 'us-east-1', 'ap-southeast-2', 'us-west-2', 'sa-east-1', 'eu-central-1'];
const DOOR = '127.0.0.9';

/** A fleet with all that it needs: emulators, a meter, a listener for all of it, and one that can be shut. */
export interface Harbour {
  readonly fleet: Fleet;
  readonly stack: TestStack;
  shut(): Promise<void>;
  open(): Promise<void>;
  readonly meter: Meter;
  /** What was asked of AWS since the last time, by actor. */
  count(): ReadonlyMap<string, Tally>;
  close(): Promise<void>;
}

export async function openHarbour(options: HarbourOptions): Promise<Harbour> {
  const { handshake, cohorts, failing = 0, known, emulators } = options;
  const regions = REGIONS.slice(0, options.regions);
  const stack = await startTestStack({ regions, ...(emulators ? { emulators } : {}) });
  const sockets = new Set<Socket>();
  const listener = await listen(handshake, sockets);
  const { port } = listener.address() as AddressInfo;
  const door = new Shop(DOOR);
  await door.open();
  const meter = new Meter();
  const fleet = new Fleet({
    table: stack.table,
    meter,
    environment: (region) => ({
      ...stack.environment(region || undefined),
      controls: [`127.0.0.1:${port}`],
    }),
    formats: ['json', 'email'],
    handshake,
    cohorts,
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    // Each has an address of its own: that is what rounds are longest with.
    place: (n) =>
      n < failing
        ? { host: DOOR, port: door.port, handshake: 'tcp' }
        : { host: `127.${n >> 14}.${(n >> 7) & 127}.${1 + (n & 127)}`, port },
  });
  await fleet.register(known);
  if (known === undefined) await fleet.pass(10);
  meter.reset();
  return {
    fleet,
    stack,
    meter,
    // Refused at once: what follows is the same as of a port that is silent for 4.5 s.
    shut: () => door.close(),
    open: () => door.open(),
    count() {
      const tallies = new Map(meter.tallies);
      meter.reset();
      return tallies;
    },
    async close() {
      fleet.close();
      meter.close();
      for (const socket of sockets) socket.destroy();
      listener.close();
      await door.close();
      await stack.close();
    },
  };
}

async function listen(handshake: Endpoint['handshake'], sockets: Set<Socket>): Promise<Server> {
  const server: Server =
    handshake === 'tcp'
      ? createServer((socket) => socket.resume())
      : createSecureServer((await certificates()).good).on('sessionError', () => {});
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  });
  await once(server.listen({ port: 0, host: '0.0.0.0', backlog: 2048 }), 'listening');
  return server;
}
