import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net, { type Socket } from 'node:net';
import type { Peer } from './servers.ts';

const LISTENER = `
  const server = require('node:net').createServer((socket) => socket.on('error', () => {}).resume());
  server.listen({ port: 0, host: process.argv[1], backlog: 1 }, () => console.log(server.address().port));
`;

export interface SilentPort extends Peer {
  /** Lets the listener accept again. */
  heal(): void;
}

/** The third field of /proc/PID/stat: T is stopped (proc_pid_stat(5)). */
const isStopped = (pid: number): boolean =>
  readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.startsWith('T') ?? false;

/**
 * A port that drops SYNs, without privileges: a listener with a backlog of one in a child process that is stopped, and two
 * connections that fill its accept queue. Linux ignores every SYN after that.
 */
export async function silentPort(address = '127.0.0.1'): Promise<SilentPort> {
  const child = spawn(process.execPath, ['-e', LISTENER, address], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  const { pid } = child;
  if (pid === undefined) throw new Error('the listener did not start');
  child.kill('SIGSTOP');
  while (!isStopped(pid)) await new Promise((turn) => setImmediate(turn));
  const fillers: Socket[] = [];
  for (let n = 0; n < 2; n += 1) {
    const filler = net.connect({ port, host: address, autoSelectFamily: false });
    filler.on('error', () => {});
    await once(filler, 'connect');
    fillers.push(filler);
  }
  return {
    address,
    port,
    connections: () => fillers.length,
    heal: () => {
      child.kill('SIGCONT');
      for (const filler of fillers) filler.destroy();
    },
    async close() {
      for (const filler of fillers) filler.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
