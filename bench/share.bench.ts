import { fork } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { CORE_MS } from '../lib/cli/cost/duration.ts';
import { HANDSHAKES, type Handshake } from '../lib/outcome/outcome.ts';
import type { Bench, Figure } from './bench.ts';
import type { PeerReady } from './peer-ready.ts';
import { withChildren } from './programs.ts';

/** Lambda gives one core for 1,769 MB. */
const ONE_CORE_MB = 1769;
const MEMORY_MB = [256, 512] as const;
const PERIOD_US = 20_000;
const GROUPS = '/sys/fs/cgroup';

const inside = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const mayWrite = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/** A group of processes that together have a share of one core; null: this machine does not let us make one. */
function openShare(share: number): string | null {
  const quota = Math.round(PERIOD_US * share);
  const name = `parallax-share-${process.pid}`;
  if (mayWrite(`${GROUPS}/cpu/cgroup.procs`)) {
    mkdirSync(`${GROUPS}/cpu/${name}`);
    writeFileSync(`${GROUPS}/cpu/${name}/cpu.cfs_period_us`, String(PERIOD_US));
    writeFileSync(`${GROUPS}/cpu/${name}/cpu.cfs_quota_us`, String(quota));
    return `${GROUPS}/cpu/${name}`;
  }
  if (!mayWrite(`${GROUPS}/cgroup.subtree_control`)) return null;
  mkdirSync(`${GROUPS}/${name}`);
  writeFileSync(`${GROUPS}/${name}/cpu.max`, `${quota} ${PERIOD_US}`);
  return `${GROUPS}/${name}`;
}

async function measure(
  peer: PeerReady,
  memoryMb: number,
): Promise<Readonly<Record<Handshake, number>> | null> {
  const group = openShare(memoryMb / ONE_CORE_MB);
  if (group === null) return null;
  try {
    return await withChildren(async (children) => {
      const script = `echo $$ > ${group}/cgroup.procs && exec "$0" "$@"`;
      const words = ['-c', script, process.execPath, inside('share-inside.ts'), JSON.stringify(peer)];
      const child = children.spawn('sh', words, { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(child, 'close');
      const said = child.stdout ? await text(child.stdout) : '';
      const [code] = await ended;
      if (code !== 0) throw new Error(`the prober with ${memoryMb} MB ended with ${code}`);
      return JSON.parse(said) as Readonly<Record<Handshake, number>>;
    });
  } finally {
    rmdirSync(group);
  }
}

async function run(progress: (text: string) => void): Promise<readonly Figure[]> {
  const child = fork(inside('peer.ts'));
  try {
    const [peer]: readonly PeerReady[] = await once(child, 'message');
    if (!peer) throw new Error('the peer said nothing');
    const figures: Figure[] = [];
    for (const memoryMb of MEMORY_MB) {
      progress(`groups of 512 with the processor of ${memoryMb} MB`);
      const each = await measure(peer, memoryMb);
      for (const handshake of HANDSHAKES) {
        const what = `${handshake}, of a group of 512 at ${memoryMb} MB: a core's time`;
        if (each === null) figures.push({ what, value: null, unit: 'ms', note: 'it takes root and cgroups' });
        else {
          const value = (each[handshake] * memoryMb) / ONE_CORE_MB;
          figures.push({ what, value, unit: 'ms', note: `parallax cost has ${CORE_MS[handshake]} ms` });
        }
      }
    }
    return figures;
  } finally {
    if (child.connected) child.disconnect();
  }
}

export const bench: Bench = {
  title: 'how long a group takes with the share of a core that Lambda gives to its memory',
  run,
};
