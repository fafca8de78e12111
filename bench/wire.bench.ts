import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { labMissing, sh } from '../test/lab/world.ts';
import type { Bench, Figure } from './bench.ts';
import { withChildren } from './programs.ts';

const INSIDE = fileURLToPath(new URL('wire-inside.ts', import.meta.url));

async function run(progress: (text: string) => void): Promise<readonly Figure[]> {
  const lacks = await labMissing();
  if (lacks !== null) return [{ what: 'bytes on the wire', value: null, unit: 'bytes', note: lacks }];
  const name = `plx-wire-${process.pid}`;
  await sh('ip', 'netns', 'add', name);
  try {
    // As on a network: no packet above 1500 bytes, none that a network card would cut up only later.
    await sh('ip', '-n', name, ...'link set lo up mtu 1500 gso_max_segs 1'.split(' '));
    progress('50 handshakes of each prober and rung in a network namespace');
    return await withChildren(async (children) => {
      const words = ['netns', 'exec', name, process.execPath, INSIDE];
      const child = children.spawn('ip', words, { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(child, 'close');
      const said = child.stdout ? await text(child.stdout) : '';
      const [code] = await ended;
      if (code !== 0) throw new Error(`the namespace's process ended with ${code}`);
      return JSON.parse(said) as readonly Figure[];
    });
  } finally {
    await sh('ip', 'netns', 'del', name);
  }
}

export const bench: Bench = {
  title:
    'bytes and packets of one handshake as nftables counts them, goodbye and all headers from IPv4 up included',
  run,
};
