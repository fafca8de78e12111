// A prober alone under a quota of the processor: prints the milliseconds that a group of each handshake took, as JSON.
import { HANDSHAKES } from '../lib/outcome/outcome.ts';
import { quantile } from './bench.ts';
import { climbGroup } from './group.ts';
import type { PeerReady } from './peer-ready.ts';

const GROUP = 512;
const TIMES = 4;

const peer = JSON.parse(process.argv[2] ?? '') as PeerReady;
const medians: Record<string, number> = {};
for (const handshake of HANDSHAKES) {
  const taken: number[] = [];
  // The first one pays for compiling.
  await climbGroup(peer, GROUP, handshake);
  for (let left = TIMES; left > 0; left -= 1)
    taken.push((1000 * (await climbGroup(peer, GROUP, handshake)).seconds) / GROUP);
  medians[handshake] = quantile(taken, 0.5);
}
process.stdout.write(JSON.stringify(medians));
