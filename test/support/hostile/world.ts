import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { HealthyReady } from './healthy-main.ts';
import type { Done, Job } from './job.ts';
import type { PeersReady } from './peers-main.ts';

const start = (file: string, ...flags: readonly string[]): ChildProcess =>
  fork(join(import.meta.dirname, file), { execArgv: [...flags] });

export interface HostileWorld {
  readonly peers: PeersReady;
  /** Lets a prober of its own do a job. @returns what it saw, once its process has ended by itself. */
  probe(job: Omit<Job, 'peers' | 'healthy'>): Promise<Done>;
  close(): void;
}

/** Hostile peers, a healthy one, and probers: a process each. */
export async function hostileWorld(): Promise<HostileWorld> {
  const children = [start('peers-main.ts'), start('healthy-main.ts')] as const;
  const [[peers], [healthy]] = (await Promise.all(children.map((child) => once(child, 'message')))) as [
    [PeersReady],
    [HealthyReady],
  ];
  return {
    peers,
    async probe(job) {
      const prober = start('prober-main.ts', '--expose-gc');
      prober.send({ ...job, peers, healthy } satisfies Job);
      const exit = once(prober, 'exit') as Promise<[number | null]>;
      const [done] = (await Promise.race([
        once(prober, 'message'),
        exit.then(([code]) => Promise.reject(new Error(`the prober ended with ${code}`))),
      ])) as [Done];
      await exit;
      return done;
    },
    close() {
      for (const child of children) child.disconnect();
    },
  };
}
