import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { SERVER_NAME } from '../lab.ts';
import { peer } from '../peer.ts';
import { type NetworkScenario, PASSES, type Seen } from '../scenario.ts';
import { until } from '../shell.ts';
import { shop } from '../shop.ts';
import { ALONE, DOWN, HELLO_SILENCE, ip, NOTHING, REFUSED, SILENCE, tcp } from './parts.ts';

const UNREACHABLE: Seen = { stage: 'tcp', outcome: 'unreachable', evidence: 'filtered' };

/** The host is switched off: nobody answers for its address on the last network. */
function hostGone(family: 'IPv4' | 'IPv6'): NetworkScenario {
  return {
    name: `${family}: host gone`,
    arrange: async (lab) => {
      const at = await lab.address();
      const [address, whole] =
        family === 'IPv4' ? [at.address, `${at.address}/24`] : [at.address6, `${at.address6}/64`];
      return {
        endpoint: tcp(address),
        fault: async () => {
          await ip(lab, lab.shops, `addr del ${whole} dev net0`);
          await lab.world.forget(address);
        },
        mend: () => ip(lab, lab.shops, `addr add ${whole} dev net0${family === 'IPv6' ? ' nodad' : ''}`),
      };
    },
    sees: { others: { ...UNREACHABLE, errno: 'EHOSTUNREACH' } },
    verdict: DOWN.unreachable,
  };
}

/** A router on the way has lost the route, and says so. */
function noRouteAtRouter(family: 'IPv4' | 'IPv6'): NetworkScenario {
  return {
    name: `${family}: a router on the way has no route`,
    arrange: async (lab) => {
      const { world } = lab;
      const router = await world.router(`ferry${family.slice(-1)}`);
      const island = await world.host(`island${family.slice(-1)}`, { behind: router });
      await peer(world, island, 'listener', '::', '443', '511');
      const [address, prefix, gateway] =
        family === 'IPv4'
          ? [island.address, router.lan.prefixes[0], world.gateway]
          : [island.address6, router.lan.prefixes[1], world.gateway6];
      const ways = [`${prefix} dev lan0`, `default via ${gateway}`];
      return {
        endpoint: tcp(address),
        fault: async () => {
          for (const way of ways) await ip(lab, router, `route del ${way}`);
        },
        mend: async () => {
          for (const way of ways) await ip(lab, router, `route add ${way}`);
        },
      };
    },
    sees: { others: { ...UNREACHABLE, errno: 'ENETUNREACH' } },
    verdict: DOWN.unreachable,
  };
}

/** The region itself knows no way there: connect(2) fails, and nothing is sent. */
const NO_ROUTE_IN_REGION: NetworkScenario = {
  name: 'a region has no route',
  arrange: async (lab) => {
    const { address } = await lab.address();
    return {
      endpoint: tcp(address),
      fault: () => ip(lab, lab.regions[ALONE], `route add throw ${address}`),
      mend: () => ip(lab, lab.regions[ALONE], `route del throw ${address}`),
    };
  },
  sees: {
    [ALONE]: { stage: 'tcp', outcome: 'local_error', evidence: 'inconclusive', errno: 'ENETUNREACH' },
    others: PASSES,
  },
  verdict: NOTHING,
};

const PORT = 8443;

const PORT_CLOSED: NetworkScenario = {
  name: 'port closed: the server has ended',
  arrange: async (lab) => {
    const { address } = await lab.address();
    const start = (): Promise<ChildProcess> =>
      shop(lab.world, lab.shops, { address, port: PORT, files: lab.files });
    let server = await start();
    return {
      endpoint: tcp(address, PORT),
      fault: () => lab.world.stop(server),
      mend: async () => {
        server = await start();
      },
    };
  },
  sees: { others: REFUSED },
  verdict: DOWN.notListening,
};

/** The third field of /proc/PID/stat: T is stopped (proc_pid_stat(5)). */
const isStopped = (pid: number): boolean =>
  readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.startsWith('T') ?? false;

async function freeze(child: ChildProcess): Promise<void> {
  child.kill('SIGSTOP');
  await until('the process is stopped', () => isStopped(child.pid ?? 0));
}

/** A stopped process still listens: the kernel connects, and nobody speaks. */
function stopped(
  handshake: 'tcp' | 'http2',
  seen: Seen,
  verdict: NetworkScenario['verdict'],
): NetworkScenario {
  return {
    name: `a stopped process, asked for ${handshake}`,
    arrange: async (lab) => {
      const { address } = await lab.address();
      const server = await shop(lab.world, lab.shops, { address, port: PORT, files: lab.files });
      return {
        endpoint: { ...tcp(address, PORT), handshake, serverName: SERVER_NAME },
        fault: () => freeze(server),
        mend: async () => void server.kill('SIGCONT'),
      };
    },
    sees: { others: seen },
    verdict,
  };
}

/** Connects until nobody answers any more. */
async function fill(host: string, port: number): Promise<readonly Socket[]> {
  const fillers: Socket[] = [];
  for (let full = false; !full; ) {
    const filler = connect({ host, port, autoSelectFamily: false });
    fillers.push(filler);
    full = await new Promise<boolean>((resolve) => {
      filler.on('error', () => resolve(true));
      filler.once('connect', () => resolve(false));
      setTimeout(() => resolve(true), 300);
    });
  }
  fillers.pop()?.destroy();
  return fillers;
}

/** Linux ignores every SYN then, whatever tcp_abort_on_overflow says (research: measured). */
const QUEUE_FULL: NetworkScenario = {
  name: 'accept queue full',
  arrange: async (lab) => {
    const { address } = await lab.address();
    const server = await peer(lab.world, lab.shops, 'listener', address, String(PORT), '1');
    let fillers: readonly Socket[] = [];
    return {
      endpoint: tcp(address, PORT),
      fault: async () => {
        await freeze(server);
        fillers = await fill(address, PORT);
      },
      mend: async () => {
        server.kill('SIGCONT');
        for (const filler of fillers) filler.destroy();
      },
    };
  },
  sees: { others: SILENCE },
  verdict: DOWN.unreachable,
};

export const HOST_SCENARIOS: readonly NetworkScenario[] = [
  hostGone('IPv4'),
  hostGone('IPv6'),
  noRouteAtRouter('IPv4'),
  noRouteAtRouter('IPv6'),
  NO_ROUTE_IN_REGION,
  PORT_CLOSED,
  stopped('http2', HELLO_SILENCE, DOWN.handshake),
  stopped('tcp', PASSES, NOTHING),
  QUEUE_FULL,
];
