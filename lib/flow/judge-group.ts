import type { JudgeMessage } from '../queue/message.ts';
import { type Grouped, group } from './group.ts';
import { type Judged, judgeCohort } from './judge.ts';
import type { JudgeContext } from './judge-context.ts';
import { type Watched, watch } from './watch.ts';

/** Judges what messages of one group (see groupOf) are about. @throws as judgeCohort, watch and group do. */
export async function judgeGroup(
  messages: readonly JudgeMessage[],
  context: JudgeContext,
): Promise<Judged | Watched | Grouped | null> {
  const orders = messages.filter((message) => message.kind === 'watch');
  if (orders.length > 0) return watch(orders, context);
  const causes = messages.filter((message) => message.kind === 'group');
  const [of] = causes;
  if (of) {
    const ends = causes.flatMap(({ endedAt }) => endedAt ?? []);
    const endedAt = ends.length > 0 ? Math.max(...ends) : null;
    return group(of.cause, { endedAt, left: causes.some(({ left }) => left) }, context);
  }
  const cohorts = messages.filter((message) => message.kind === 'news' || message.kind === 'sweep');
  const [first] = cohorts;
  if (!first) return null;
  const named = cohorts.flatMap((message) => (message.kind === 'news' ? message.rounds : []));
  return judgeCohort(first.cohort, named, context);
}
