import { readdirSync, readFileSync } from 'node:fs';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Words of the command line; none for a process that has ended and waits to be collected. */
  readonly command: readonly string[];
}

/** A process and all below it, as Linux's /proc has them now. Empty where there is no /proc or the process is gone. */
export function processTree(root: number): readonly Process[] {
  const all = processes();
  const below = (pid: number): Process[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  return [...all.filter(({ pid }) => pid === root), ...below(root)];
}

function processes(): readonly Process[] {
  return entries('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    const stat = contents(`/proc/${entry}/stat`);
    // proc(5): the name is in parentheses and may hold some itself; the parent is the second field after it.
    const [, parent] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    if (parent === undefined) return [];
    const command = contents(`/proc/${entry}/cmdline`)?.split('\0').slice(0, -1) ?? [];
    return [{ pid: Number(entry), parent: Number(parent), command }];
  });
}

/**
 * Proportional set size of a process in bytes: its own pages, and of each it shares its part. So the sum over processes counts no
 * page twice. null when the kernel does not say, or the process is gone.
 */
export function pssBytes(pid: number): number | null {
  const [, kib] = /^Pss:\s+(\d+) kB$/m.exec(contents(`/proc/${pid}/smaps_rollup`) ?? '') ?? [];
  return kib === undefined ? null : Number(kib) * 1024;
}

function entries(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    // Not Linux.
    return [];
  }
}

/** A process may end between the look at the directory and this one. */
function contents(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
