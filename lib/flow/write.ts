import { MESSAGE_VERSION, type WriteOrder } from '../queue/message.ts';
import { newsId } from '../queue/queues.ts';
import { putPackedRound } from '../store/round.ts';
import type { Probed } from './made.ts';
import type { ProbeContext } from './probe-context.ts';

/** A round that could not be written home waits this long, doubling from the first to the longest. */
export const WRITE_DELAYS_MS = { first: 60_000, longest: 900_000 } as const;

/** Writes a round that waited and tells the judge; it is never probed again. Still no way home: it is put back. */
export async function writeWaiting(order: WriteOrder, context: ProbeContext, counts: Probed): Promise<void> {
  const { table, queues, environment, now } = context;
  try {
    await putPackedRound(table, order);
  } catch (error) {
    console.warn(
      JSON.stringify({ message: 'round still waits', attempt: order.attempt, error: String(error) }),
    );
    counts.unwritten += 1;
    const delayMs = Math.min(WRITE_DELAYS_MS.first * 2 ** order.attempt, WRITE_DELAYS_MS.longest);
    const message = { ...order, attempt: order.attempt + 1 };
    await queues.sendProbe(environment.region, [{ message, dueMs: now() + delayMs }], now());
    return;
  }
  await queues.sendJudge([
    {
      message: {
        v: MESSAGE_VERSION,
        kind: 'news',
        cohort: order.cohort,
        rounds: [{ region: order.region, key: order.key }],
      },
      deduplicationId: newsId(order.region, order.key),
    },
  ]);
}
