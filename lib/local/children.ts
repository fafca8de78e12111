import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/** Every process that was started, so that none outlives us. */
export interface Children {
  /** Starts a process in a group of its own: a Ctrl-C in the terminal reaches only us, and we end the group. */
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** SIGTERM to all, SIGKILL to those still there after `graceMs`; resolves when all are gone. */
  end(graceMs: number): Promise<void>;
  /** SIGKILL to all, now. */
  kill(): void;
}

/** Signals a whole process group; one that is gone already is no error. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group leader may have ended between the look and the signal; a prefix such as sudo may not be ours to signal.
    child.kill(signal);
  }
}

/** An empty register. SIGKILL goes to whatever is left when this process exits, however it does. */
export function openChildren(): Children {
  const alive = new Map<ChildProcess, Promise<void>>();
  let ending = false;
  const kill = (): void => {
    for (const child of alive.keys()) signalGroup(child, 'SIGKILL');
  };
  process.on('exit', kill);
  return {
    spawn(command, args, options) {
      if (ending) throw new Error(`not started, everything is ending: ${command}`, { cause: { args } });
      const child = spawn(command, [...args], { ...options, detached: true });
      const gone = new Promise<void>((resolve) => {
        const settle = (): void => {
          alive.delete(child);
          resolve();
        };
        child.once('exit', settle);
        child.once('error', () => {
          if (child.pid === undefined) settle();
        });
      });
      alive.set(child, gone);
      return child;
    },
    async end(graceMs) {
      ending = true;
      const gone = Promise.all(alive.values());
      for (const child of alive.keys()) {
        signalGroup(child, 'SIGTERM');
        signalGroup(child, 'SIGCONT');
      }
      const timer = setTimeout(kill, graceMs);
      await gone;
      clearTimeout(timer);
      process.off('exit', kill);
    },
    kill,
  };
}
