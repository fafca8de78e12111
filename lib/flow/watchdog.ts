import { crc32 } from 'node:zlib';
import { MESSAGE_VERSION } from '../queue/message.ts';
import { type Queues, sweepId } from '../queue/queues.ts';
import { allCohorts } from '../store/cohort.ts';
import type { Table } from '../store/table.ts';

/** Every cohort is swept once in this many minutes; a part of them each minute. */
export const SWEEP_MINUTES = 5;

/** Sends a sweep for this minute's part of the cohorts, and for those whose time has come. @returns how many. */
export async function sweep(
  table: Table,
  queues: Queues,
  scheduledMs: number,
  nowMs: number,
): Promise<number> {
  const minute = Math.floor(scheduledMs / 60_000);
  const due = (await allCohorts(table)).filter(
    ({ cohort, wakeAt }) =>
      crc32(cohort) % SWEEP_MINUTES === minute % SWEEP_MINUTES || (wakeAt !== null && wakeAt <= nowMs),
  );
  await queues.sendJudge(
    due.map(({ cohort }) => ({
      message: { v: MESSAGE_VERSION, kind: 'sweep', cohort } as const,
      deduplicationId: sweepId(cohort, minute),
    })),
  );
  return due.length;
}
