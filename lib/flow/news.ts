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
 * Compares a written round with what the judge knows to fail here; tells it what differs, and plans the tries that confirm it.
 * @throws when the judge or the own queue could not be told: the message is delivered again.
 */
export async function tellNews(one: Made, context: ProbeContext, counts: Probed): Promise<void> {
  const { queues, environment } = context;
  const { cohort, cause, observations } = one.round;
  const attention = await attentionHere(cohort, context);
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

/** Unreadable: everything is news. */
async function attentionHere(cohort: string, context: ProbeContext): Promise<ReadonlySet<number> | null> {
  try {
    return (await readAttention(context.table, cohort, context.environment.region)) ?? new Set();
  } catch (error) {
    console.warn(JSON.stringify({ message: 'attention unreadable', cohort, error: String(error) }));
    return null;
  }
}
