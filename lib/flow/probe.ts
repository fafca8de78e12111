import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { climbAll, type GroupResult, type Try } from '../probe/group.ts';
import type { ProbeMessage } from '../queue/message.ts';
import { type Round, roundKey } from '../round/round.ts';
import { getRound } from '../store/round.ts';
import { check } from './check.ts';
import { isTooLate } from './dispatch.ts';
import { lookAgain } from './health.ts';
import { type Job, jobsOf, type Loaded } from './job.ts';
import type { Made, Probed } from './made.ts';
import type { ProbeContext } from './probe-context.ts';
import { report } from './report.ts';
import { writeWaiting } from './write.ts';

/** The longest DelaySeconds of SQS, in ms: what falls due later hops. */
const LONGEST_DELAY_MS = 900_000;

/** Delays are whole seconds, rounded down: the rest is waited for here, and never more than a little. */
const LONGEST_WAIT_MS = 2_000;

/**
 * Does what a message of the region's queue asks for. A message received before may have been done in part: rounds that are
 * in the table are never tried again, and the news is decided from what is stored.
 * @throws when something that must not be lost could not be sent; the queue then delivers the message again.
 */
export async function probe(
  message: ProbeMessage,
  receiveCount: number,
  context: ProbeContext,
): Promise<Probed> {
  const counts = {
    tried: 0,
    failed: 0,
    news: 0,
    stored: 0,
    tooLate: 0,
    nothingKnown: 0,
    nothingToTry: 0,
    unwritten: 0,
  };
  if (message.kind === 'write') {
    await writeWaiting(message, context, counts);
    return counts;
  }
  if (message.kind === 'controls') {
    await lookAgain(message, context);
    return counts;
  }
  if (message.kind === 'check') {
    await check(message, receiveCount, context, counts);
    return counts;
  }
  if (message.kind === 'retry' && message.dueMs - context.now() > LONGEST_DELAY_MS) {
    const { queues, environment } = context;
    await queues.sendProbe(environment.region, [{ message, dueMs: message.dueMs }], context.now());
    return counts;
  }
  const made: Made[] = [];
  const open: (Job & Loaded)[] = [];
  for (const job of jobsOf(message, context)) {
    const stored = receiveCount > 1 ? await storedRound(job, context) : null;
    if (!stored && isTooLate(job.dueMs, job.cohort, context.now())) {
      counts.tooLate += 1;
      continue;
    }
    const loaded = await job.load();
    if (stored) {
      counts.stored += 1;
      made.push({ ...madeOf(job, loaded), round: stored, stored: true });
    } else if (!loaded) counts.nothingKnown += 1;
    else if (loaded.tries.length > 0) open.push({ ...job, ...loaded });
    else counts.nothingToTry += 1;
  }
  const result = await climb(open, context);
  counts.tried = result.observations.length;
  counts.failed = result.observations.filter(({ passed }) => !passed).length;
  made.push(...open.map((job) => roundOf(job, result, context.environment.region)));
  await report(made, result, context, counts);
  return counts;
}

function storedRound({ cohort, cause }: Job, context: ProbeContext): Promise<Round | null> {
  return getRound(context.table, cohort, context.environment.region, roundKey(cause));
}

async function climb(jobs: readonly (Job & Loaded)[], context: ProbeContext): Promise<GroupResult> {
  if (jobs.length === 0) return { observations: [], certificates: [], controls: null };
  const waitMs = Math.min(...jobs.map(({ dueMs }) => dueMs)) - context.now();
  if (waitMs > 0) await sleep(Math.min(waitMs, LONGEST_WAIT_MS));
  return climbAll(longestFirst(jobs.flatMap(({ tries }) => tries)), {
    ...context.prober,
    sickAtMs: context.sickAtMs,
  });
}

/** What is known to fail may take 4.5 s: it begins first, so that nobody waits for it after all others are done. */
export function longestFirst(tries: readonly Try[]): readonly Try[] {
  return tries.toSorted((one, other) => Number(other.address !== null) - Number(one.address !== null));
}

function roundOf(job: Job & Loaded, result: GroupResult, region: string): Made {
  const tags = new Set(job.tries.map(({ target }) => target.tag));
  const observations = result.observations.filter(({ tag }) => tags.has(tag));
  const round = { cohort: job.cohort, region, cause: job.cause, observations };
  return { ...madeOf(job, job), round, stored: false };
}

function madeOf(
  { causes, elsewhere }: Job,
  loaded: Loaded | null,
): Pick<Made, 'endpoints' | 'causes' | 'elsewhere'> {
  return { endpoints: byTag(loaded), causes, elsewhere };
}

function byTag(loaded: Loaded | null): ReadonlyMap<number, Endpoint> {
  return new Map((loaded?.watched ?? []).map(({ endpoint, tag }) => [tag, endpoint]));
}
