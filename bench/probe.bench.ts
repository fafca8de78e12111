import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Bench, Figure } from './bench.ts';
import { climb, keepInFlight } from './climb.ts';
import type { PeerReady } from './peer-ready.ts';
import { cost, weight } from './probe-cost.ts';
import { clocks, group } from './probe-timing.ts';

/** The first handshakes of a process pay for its compiling. */
const WARM_UP = 300;
const IN_FLIGHT = 8;

async function run(progress: (text: string) => void): Promise<readonly Figure[]> {
  const child = fork(fileURLToPath(new URL('peer.ts', import.meta.url)));
  try {
    const [peer]: readonly PeerReady[] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('the peer did not start'))),
    ]);
    if (!peer) throw new Error('the peer said nothing');
    progress(`${WARM_UP} handshakes to warm up`);
    await keepInFlight(IN_FLIGHT, WARM_UP, () => climb(peer));
    const figures: Figure[] = [];
    for (const handshake of ['tcp', 'tls', 'http2'] as const)
      figures.push(await cost(peer, handshake, progress));
    figures.push(
      ...(await weight(peer)),
      ...(await group(peer, progress)),
      ...(await clocks(peer, progress)),
    );
    return figures;
  } finally {
    if (child.connected) child.disconnect();
  }
}

export const bench: Bench = {
  title: "timing error and cost of the prober's handshakes with Node's HTTP/2 server on loopback",
  run,
};
