import { judgeWatch, type Look } from '../incident/watch.ts';
import { TOLD_AGAIN_MS } from '../incident/watch-deployment.ts';
import type { WatchIncident, WatchState } from '../incident/watch-state.ts';
import { MESSAGE_VERSION, type WatchOrder } from '../queue/message.ts';
import { acknowledgementsOfOthers, removeAcknowledgementOf } from '../store/acknowledgement.ts';
import { putJudged } from '../store/judged.ts';
import { allRegions } from '../store/region.ts';
import { allUntold, forgetUntold } from '../store/untold.ts';
import { getWatch, putWatchIncident, saveWatch } from '../store/watch.ts';
import type { JudgeContext } from './judge-context.ts';
import { saveNext } from './save.ts';
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
  const [state, records, untold] = await Promise.all([getWatch(table), allRegions(table), allUntold(table)]);
  const ordered = orders.flatMap(({ sentMs }) => sentMs ?? []);
  const remindEveryMs = environment.remindEveryMinutes * 60_000 || null;
  const open = Object.values(state.open).map(({ id }) => id);
  const judged = judgeWatch({
    state,
    acknowledgements: await acknowledgementsOfOthers(table, open),
    remindEveryMs,
    deployedRegions: environment.regions,
    records,
    intervalSeconds: orders.findLast((order) => order.intervalSeconds !== undefined)?.intervalSeconds,
    deployment: {
      deadLetters: new Map(
        orders.flatMap((order) => order.deadLetters ?? []).map(({ region, messages }) => [region, messages]),
      ),
      sentMs: ordered.length > 0 ? Math.min(...ordered) : null,
      untold,
    },
    now: now(),
  });
  const saved = judged.changed ? await save(judged.state, context) : judged.state;
  await orderLooks(judged.looks, context);
  // What could not be told is tried again in a minute; a message that came back would hold up the ones behind it.
  await tellOne(saved, { save: (next) => save(next, context), copy: copyOf(context) }, context, []);
  for (const run of untold) if (now() - run.at > TOLD_AGAIN_MS) await forgetUntold(table, run);
  for (const { id, acknowledged } of gone(state, judged.state)) {
    if (acknowledged) await removeAcknowledgementOf(table, id);
  }
  if (ordered.length > 0) await putJudged(table, { at: now(), open: Object.keys(judged.state.open) });
  return { open: Object.keys(judged.state.open), looks: judged.looks.length };
}

/** The incidents that are over now. */
function gone(before: WatchState, after: WatchState): readonly WatchIncident[] {
  return Object.values(before.open).filter(({ id, subject }) => after.open[subject]?.id !== id);
}

function save(state: WatchState, { table }: JudgeContext): Promise<WatchState> {
  return saveNext(state, (next) => saveWatch(table, next), 'the watch');
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
