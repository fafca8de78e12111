// All hostile peers, in a process of their own: in the prober's, their work would be measured as the network's.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { HOSTILE_PEERS } from './all.ts';
import { makeArms } from './arms.ts';
import { hostileDns } from './dns.ts';

/** What the peers tell whoever forked them. */
export interface PeersReady {
  readonly trust: readonly string[];
  /** By name. */
  readonly ports: Readonly<Record<string, number>>;
  readonly resolver: string;
}

/** More than any test dials at once: a SYN that finds the queue full is dropped, and comes again after 1 s. */
const BACKLOG = 2048;

/** On all addresses of loopback: tries to one address are spaced. */
async function listen(server: Server): Promise<number> {
  server.listen(0, '0.0.0.0', BACKLOG);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const { arms, trust } = await makeArms();
const ports: Record<string, number> = {};
for (const hostile of HOSTILE_PEERS) {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    hostile.act(socket, arms);
  });
  ports[hostile.name] = await listen(server);
}
const resolver = await hostileDns();
process.send?.({ trust, ports, resolver } satisfies PeersReady);
process.on('disconnect', () => process.exit());
