import { crc32 } from 'node:zlib';
import { parseCohort } from '../endpoint/cohort.ts';
import { MESSAGE_VERSION } from '../queue/message.ts';
import { causeId, type DeadLetters, type JudgeSend, type Queues, sweepId, watchId } from '../queue/queues.ts';
import { allCohorts, type CohortSummary } from '../store/cohorts.ts';
import { allGroups } from '../store/group.ts';
import type { Table } from '../store/table.ts';

/** Every cohort is swept once in this many minutes; a part of them each minute. */
export const SWEEP_MINUTES = 5;

/** The dead-letter queues are looked at once in this many minutes: each look is a request a region. */
const DEAD_LETTER_MINUTES = 5;

/**
 * Sends a sweep for this minute's part of the cohorts and for those whose time has come, and has the watching itself and what is told
 * as one looked at.
 * @returns how many sweeps.
 */
export async function sweep(
  table: Table,
  queues: Queues,
  scheduledMs: number,
  nowMs: number,
): Promise<number> {
  const minute = Math.floor(scheduledMs / 60_000);
  const cohorts = await allCohorts(table);
  const due = cohorts.filter(
    ({ cohort, wakeAt }) =>
      crc32(cohort) % SWEEP_MINUTES === minute % SWEEP_MINUTES || (wakeAt !== null && wakeAt <= nowMs),
  );
  const groups = (await allGroups(table)).filter(
    ({ wakeAt }) => minute % SWEEP_MINUTES === 0 || (wakeAt !== null && wakeAt <= nowMs),
  );
  const intervalSeconds = shortestInterval(cohorts);
  const orders: JudgeSend[] = [
    ...groups.map(({ cause }) => ({
      message: { v: MESSAGE_VERSION, kind: 'group', cause } as const,
      deduplicationId: causeId(minute),
    })),
    ...due.map(({ cohort }) => ({
      message: { v: MESSAGE_VERSION, kind: 'sweep', cohort } as const,
      deduplicationId: sweepId(cohort, minute),
    })),
  ];
  let deadLetters: DeadLetters[] | undefined;
  if (minute % DEAD_LETTER_MINUTES === 0) {
    // The queues of all regions are asked: what is due does not wait for the slowest.
    await queues.sendJudge(orders.splice(0));
    deadLetters = [...(await queues.deadLetters())];
  }
  const message = { v: MESSAGE_VERSION, kind: 'watch', intervalSeconds, sentMs: nowMs, deadLetters } as const;
  await queues.sendJudge([...orders, { message, deduplicationId: watchId(minute) }]);
  return due.length;
}

/** Of the cohorts that have members; null: nothing is watched. */
function shortestInterval(cohorts: readonly CohortSummary[]): number | null {
  const intervals = cohorts
    .filter(({ places }) => places > 0)
    .map(({ cohort }) => parseCohort(cohort).intervalSeconds);
  return intervals.length > 0 ? Math.min(...intervals) : null;
}
