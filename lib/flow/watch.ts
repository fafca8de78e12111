import { nextVersion } from '../incident/judge.ts';
import { judgeWatch, type Look } from '../incident/watch.ts';
import type { WatchState } from '../incident/watch-state.ts';
import { MESSAGE_VERSION, type WatchOrder } from '../queue/message.ts';
import { allRegions } from '../store/region.ts';
import { getWatch, putWatchIncident, saveWatch } from '../store/watch.ts';
import type { JudgeContext } from './judge-context.ts';
import { tellOne } from './tell.ts';

export interface Watched {
  /** What is wrong. */
  readonly open: readonly string[];
  readonly looks: number;
}

/**
 * Judges the watching itself from what the regions have noted: one pure judgement, one conditional put of what changed, then the
 * looks that it orders and the alerts that are untold. Nothing that is quiet is written.
 *
 * @throws when something that must not be lost failed; the queue delivers the message again and everything converges.
 */
export async function watch(orders: readonly WatchOrder[], context: JudgeContext): Promise<Watched> {
  const { table, environment, now } = context;
  const [state, records] = await Promise.all([getWatch(table), allRegions(table)]);
  const judged = judgeWatch({
    state,
    deployedRegions: environment.regions,
    records,
    intervalSeconds: orders.findLast((order) => order.intervalSeconds !== undefined)?.intervalSeconds,
    now: now(),
  });
  const saved = judged.changed ? await save(judged.state, context) : judged.state;
  await orderLooks(judged.looks, context);
  const troubles: unknown[] = [];
  await tellOne(saved, { save: (next) => save(next, context), copy: copyOf(context) }, context, troubles);
  if (troubles.length > 0)
    throw new Error(`${troubles.length} alerts could not be told yet`, { cause: troubles[0] });
  return { open: Object.keys(judged.state.open), looks: judged.looks.length };
}

async function save(state: WatchState, { table }: JudgeContext): Promise<WatchState> {
  const next = nextVersion(state);
  if (!(await saveWatch(table, next))) throw new Error('the watch was written by another judge meanwhile');
  return next;
}

const copyOf =
  ({ table }: JudgeContext) =>
  async ({ uncopied }: WatchState): Promise<void> => {
    for (const incident of uncopied) await putWatchIncident(table, incident);
  };

/** A look that cannot be ordered is ordered with the next minute. */
async function orderLooks(looks: readonly Look[], { queues, now }: JudgeContext): Promise<void> {
  const send = async ({ region, dueMs }: Look): Promise<void> => {
    try {
      const message = { v: MESSAGE_VERSION, kind: 'controls', dueMs } as const;
      await queues.sendProbe(region, [{ message, dueMs }], now());
    } catch (error) {
      console.warn(JSON.stringify({ message: 'region not looked at', region, error: String(error) }));
    }
  };
  await Promise.all(looks.map(send));
}
