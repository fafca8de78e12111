import { MESSAGE_VERSION, type RetryOrder } from '../queue/message.ts';
import { firstRetry, nextRetry, type Retry } from '../round/news.ts';
import type { Observation } from '../round/observation.ts';
import { roundKey } from '../round/round.ts';
import { triedByOthers } from './chains.ts';
import { failingAddresses } from './job.ts';
import type { Made } from './made.ts';
import type { ProbeContext } from './probe-context.ts';

/** Has this region try again what made news, or go on with the chain that this round belongs to. */
export async function planRetry(
  one: Made,
  news: readonly Observation[],
  context: ProbeContext,
): Promise<void> {
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
  const others = await triedByOthers(one, context);
  const tries = retry.tries.flatMap((again) => {
    const id = endpoints.get(again.tag)?.id;
    return id === undefined || others.has(again.tag)
      ? []
      : [{ ...again, id, address: failing.get(again.tag) ?? again.address }];
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
