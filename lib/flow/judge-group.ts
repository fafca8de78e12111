import type { JudgeMessage } from '../queue/message.ts';
import { type Judged, judgeCohort } from './judge.ts';
import type { JudgeContext } from './judge-context.ts';
import { type Watched, watch } from './watch.ts';

/** Judges what messages of one group (see groupOf) are about. @throws as judgeCohort and watch do. */
export async function judgeGroup(
  messages: readonly JudgeMessage[],
  context: JudgeContext,
): Promise<Judged | Watched | null> {
  const orders = messages.filter((message) => message.kind === 'watch');
  if (orders.length > 0) return watch(orders, context);
  const cohorts = messages.filter((message) => message.kind !== 'watch');
  const [first] = cohorts;
  if (!first) return null;
  const named = cohorts.flatMap((message) => (message.kind === 'news' ? message.rounds : []));
  return judgeCohort(first.cohort, named, context);
}
