// A prober in a process of its own: its memory is its own, and it ends when nothing keeps it.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Gate } from '../../../lib/probe/gate.ts';
import { climbAll, type GroupResult, type Prober, type Try } from '../../../lib/probe/group.ts';
import { type Done, type GroupDone, type Job, tryOf } from './job.ts';

const [job] = (await once(process, 'message')) as [Job];
const prober = (): Prober => ({
  resolver: job.peers.resolver,
  allowPrivateAddresses: true,
  ipv6: true,
  controls: [],
  sourceAddress: () => null,
  trust: [...job.peers.trust, job.healthy.authority],
  limits: job.limits,
  gate: new Gate(0),
});

const shared = prober();
async function timed(tries: readonly Try[], by: Prober): Promise<{ result: GroupResult; ms: number }> {
  const from = performance.now();
  const result = await climbAll(tries, by);
  return { result, ms: performance.now() - from };
}

async function climbGroup(tries: readonly Try[]): Promise<GroupDone> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 5);
  const ended = job.alone
    ? await Promise.all(tries.map((one) => timed([one], prober())))
    : [await timed(tries, shared)];
  clearInterval(sampling);
  return {
    observations: ended.flatMap(({ result }) => result.observations),
    ms: ended.map(({ ms }) => ms),
    extraBytes: Math.max(most, process.memoryUsage.rss()) - before,
  };
}

const groups: GroupDone[] = [];
for (const wishes of job.groups) groups.push(await climbGroup(wishes.map((wish) => tryOf(job, wish))));
// The last farewell lasts a second.
await sleep(1200);
process.send?.({ groups, left: process.getActiveResourcesInfo() } satisfies Done, () => process.disconnect());
