import { accessSync, constants, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { type Children, openChildren } from '../lib/local/children.ts';

/** Where Debian has nginx and ip; not in every user's PATH. */
const SYSTEM = ['/usr/sbin', '/sbin'];

/** Why a program cannot be run here and what to do about it, in one line; null: it can. */
export function missing(program: string, debianPackage: string): string | null {
  if (process.platform !== 'linux') return `${program} is measured on Linux only`;
  const there = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM].some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return there ? null : `no ${program} here: apt-get install ${debianPackage}`;
}

/** From SIGTERM to SIGKILL. */
const GRACE_MS = 2000;

/** Gives a register of child processes and ends what is left in it. On Ctrl-C too, since each is in a group of its own: whoever waits for one fails then. */
export async function withChildren<T>(use: (children: Children) => Promise<T>): Promise<T> {
  const children = openChildren();
  const interrupted = (): void => void children.end(GRACE_MS);
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    return await use(children);
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await children.end(GRACE_MS);
  }
}

/** A TCP port of 127.0.0.1 that nobody listens on, for a program that cannot choose one itself. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Ticks a second of the times in /proc: USER_HZ of asm-generic/param.h. */
const TICK_MS = 1000 / 100;

/** User and system time of a running process, all its threads, in ms, in steps of 10. */
export const cpuMsOf = (pid: number): number => ticksOf(pid, 14) * TICK_MS;

/** The same of all children of this process that have ended, and of theirs. */
export const childrenCpuMs = (): number => ticksOf(process.pid, 16) * TICK_MS;

/** Two neighbouring fields of /proc/PID/stat (proc(5)), counted from 1: user and system time. */
function ticksOf(pid: number, field: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name in parentheses, which may hold some itself; the third follows it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[field - 3]) + Number(fields[field - 2]);
}
