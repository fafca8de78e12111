import type { GroupResult } from '../probe/group.ts';
import { MESSAGE_VERSION, type RetryOrder } from '../queue/message.ts';
import { newsId } from '../queue/queues.ts';
import { failingAtAll, firstRetry, newsOf, nextRetry, type Retry } from '../round/news.ts';
import type { Observation } from '../round/observation.ts';
import { roundKey } from '../round/round.ts';
import { putCertificate } from '../store/certificate.ts';
import { readAttention } from '../store/cohort.ts';
import { noteRegion } from '../store/region.ts';
import { getRound, packedOrder, putRound } from '../store/round.ts';
import { statesOf } from '../store/state.ts';
import { failingAddresses } from './job.ts';
import type { Made, Probed } from './probe.ts';
import type { ProbeContext } from './probe-context.ts';
import { WRITE_DELAYS_MS } from './write.ts';

const NOTE_REGION_EVERY_MS = 60_000;

/**
 * After the last handshake: writes the rounds, then compares each with what the judge knows to fail here, then tells it the
 * news and plans the tries that confirm it. Written before told, so that nothing is told that the judge cannot read.
 */
export async function report(
  made: readonly Made[],
  result: GroupResult,
  context: ProbeContext,
  counts: Probed,
): Promise<void> {
  const written = (await Promise.all(made.map((one) => writeRound(one, context, counts)))).filter(
    (one) => one !== null,
  );
  await storeCertificates(result, context);
  for (const one of written) await tellNews(one, context, counts);
  await noteHealth(result, written.length > 0, context);
}

/** @returns what is in the table for this key now; null when it waits in this region's own queue. */
async function writeRound(one: Made, context: ProbeContext, counts: Probed): Promise<Made | null> {
  if (one.stored) return one;
  const { table, queues, environment, now } = context;
  const { round } = one;
  try {
    if (await putRound(table, round)) return one;
    const first = await getRound(table, round.cohort, round.region, roundKey(round.cause));
    return first ? { ...one, round: first, stored: true } : one;
  } catch (error) {
    console.warn(JSON.stringify({ message: 'round waits: home unreachable', error: String(error) }));
    counts.unwritten += 1;
    const dueMs = now() + WRITE_DELAYS_MS.first;
    await queues.sendProbe(environment.region, [{ message: packedOrder(round, 1), dueMs }], now());
    return null;
  }
}

async function tellNews(one: Made, context: ProbeContext, counts: Probed): Promise<void> {
  const { queues, environment } = context;
  const { cohort, cause, observations } = one.round;
  const attention = await attentionHere(cohort, context);
  const news = attention === null ? observations : newsOf(observations, attention);
  counts.news += news.length;
  await planRetry(
    one,
    news.filter((observation) => attention !== null || !observation.passed),
    context,
  );
  const asked = cause.kind === 'confirm' || one.causes.length > 0;
  if (news.length === 0 && !asked && !(await saysMore(one, attention, context))) return;
  const key = roundKey(cause);
  await queues.sendJudge([
    {
      message: { v: MESSAGE_VERSION, kind: 'news', cohort, rounds: [{ region: environment.region, key }] },
      deduplicationId: newsId(environment.region, key),
    },
  ]);
}

/** Whether every address now fails of an endpoint whose incident says that one of them is dead: that is for the judge to hear. */
async function saysMore(
  { round, endpoints }: Made,
  attention: ReadonlySet<number> | null,
  { table }: ProbeContext,
): Promise<boolean> {
  const tags = failingAtAll(round.observations, attention ?? new Set());
  const ids = [...tags].flatMap((tag) => endpoints.get(tag)?.id ?? []);
  if (ids.length === 0) return false;
  try {
    const states = await statesOf(table, ids);
    return [...states.values()].some(({ incident }) => incident?.rule === 'dead_address_from_some');
  } catch (error) {
    console.warn(JSON.stringify({ message: 'states unreadable: the judge is told', error: String(error) }));
    return true;
  }
}

/** Has this region try again what made news, or go on with the chain that this round belongs to. */
async function planRetry(one: Made, news: readonly Observation[], context: ProbeContext): Promise<void> {
  const { round, endpoints, causes } = one;
  const { cohort, cause, observations } = round;
  const alertAfter = (tag: number): number | undefined => endpoints.get(tag)?.alertAfterSeconds;
  const goesOn = causes.length > 0;
  const retry = goesOn
    ? nextRetry(causes, observations, news, alertAfter)
    : firstRetry(observations, news, alertAfter);
  if (!retry) return;
  const { dueMs } = retry;
  const failing = await failingWhereItPassed(retry.tries, endpoints, context);
  const tries = retry.tries.flatMap((again) => {
    const id = endpoints.get(again.tag)?.id;
    return id === undefined ? [] : [{ ...again, id, address: failing.get(again.tag) ?? again.address }];
  });
  if (tries.length === 0) return;
  const chain = goesOn && cause.kind === 'retry' ? cause.chain : chainOf(one);
  const message: RetryOrder = { v: MESSAGE_VERSION, kind: 'retry', cohort, dueMs, chain, tries };
  await context.queues.sendProbe(context.environment.region, [{ message, dueMs }], context.now());
}

/**
 * The slot was planned before it was known what fails here, so its try may have passed at another address: whether that is the end
 * of it is asked of the one that fails.
 */
function failingWhereItPassed(
  tries: Retry['tries'],
  endpoints: Made['endpoints'],
  context: ProbeContext,
): Promise<ReadonlyMap<number, string>> {
  const passed = tries.flatMap(({ tag, failed }) => {
    const endpoint = failed ? undefined : endpoints.get(tag);
    return endpoint ? [{ endpoint, tag }] : [];
  });
  return failingAddresses(passed, context);
}

/** A chain is named after the round that made the news: the same again when the message is delivered again. */
function chainOf({ round }: Made): string {
  return roundKey(round.cause).replaceAll('#', '-');
}

/** Unreadable: everything is news. */
async function attentionHere(cohort: string, context: ProbeContext): Promise<ReadonlySet<number> | null> {
  try {
    return (await readAttention(context.table, cohort, context.environment.region)) ?? new Set();
  } catch (error) {
    console.warn(JSON.stringify({ message: 'attention unreadable', cohort, error: String(error) }));
    return null;
  }
}

/** Written once each and never again by this process; a failure costs nothing but the details of a certificate. */
async function storeCertificates({ certificates }: GroupResult, context: ProbeContext): Promise<void> {
  for (const facts of certificates) {
    if (context.storedCertificates.has(facts.sha256)) continue;
    try {
      await putCertificate(context.table, facts);
      context.storedCertificates.add(facts.sha256);
    } catch (error) {
      console.warn(JSON.stringify({ message: 'certificate not stored', error: String(error) }));
    }
  }
}

async function noteHealth(result: GroupResult, wrote: boolean, context: ProbeContext): Promise<void> {
  const at = context.now();
  const due = at - context.regionNotedAtMs >= NOTE_REGION_EVERY_MS || result.controls !== null;
  if (!wrote || !due) return;
  try {
    const address = context.prober.sourceAddress();
    await noteRegion(context.table, {
      region: context.environment.region,
      newestRoundAt: at,
      controls: result.controls && { ...result.controls, at },
      sourceAddress: address === null ? null : { address, at },
      tcpClock: context.tcpClock,
    });
    context.regionNotedAtMs = at;
  } catch (error) {
    console.warn(JSON.stringify({ message: 'region not noted', error: String(error) }));
  }
}
