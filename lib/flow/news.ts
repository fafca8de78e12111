import { MESSAGE_VERSION } from '../queue/message.ts';
import { newsId } from '../queue/queues.ts';
import { failingAtAll, newsOf } from '../round/news.ts';
import { roundKey } from '../round/round.ts';
import { readAttention } from '../store/cohort.ts';
import { statesOf } from '../store/state.ts';
import type { Made, Probed } from './made.ts';
import type { ProbeContext } from './probe-context.ts';
import { planRetry } from './retry.ts';

/**
 * Compares written rounds with what the judge knows to fail here; tells it what differs, and plans the tries that confirm it. What is
 * known of all their cohorts is read by one request, once they are written: a judgement in between has seen them or is seen.
 * @throws when the judge or the own queue could not be told: the message is delivered again.
 */
export async function tellNews(
  written: readonly Made[],
  context: ProbeContext,
  counts: Probed,
): Promise<void> {
  const known = await attentionHere(written, context);
  // At once: home may be an ocean away, and up to eight cohorts wait for it.
  const told = await Promise.allSettled(
    written.map((one) => {
      const attention = known && (known.get(one.round.cohort) ?? new Set());
      return tellOne(one, attention, context, counts);
    }),
  );
  const untold = told.find((result) => result.status === 'rejected');
  if (untold) throw untold.reason;
}

async function tellOne(
  one: Made,
  attention: ReadonlySet<number> | null,
  context: ProbeContext,
  counts: Probed,
): Promise<void> {
  const { queues, environment } = context;
  const { cohort, cause, observations } = one.round;
  const news = attention === null ? observations : newsOf(observations, attention);
  counts.news += news.length;
  if (!one.elsewhere) {
    await planRetry(
      one,
      news.filter((observation) => attention !== null || !observation.passed),
      context,
    );
  }
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

/** By cohort; null: unreadable, and everything is news. */
async function attentionHere(
  written: readonly Made[],
  { table, environment }: ProbeContext,
): Promise<ReadonlyMap<string, ReadonlySet<number>> | null> {
  const cohorts = written.map(({ round }) => round.cohort);
  try {
    return await readAttention(table, cohorts, environment.region);
  } catch (error) {
    console.warn(JSON.stringify({ message: 'attention unreadable', cohorts, error: String(error) }));
    return null;
  }
}
