import type { Environment } from '../deployment/environment.ts';
import type { Prober } from '../probe/group.ts';
import type { Queues } from '../queue/queues.ts';
import type { ClockCheck } from '../round/clock.ts';
import type { Table } from '../store/table.ts';
import type { CohortCache } from './cohort-cache.ts';

/** What a probe invocation works with; the memory in it outlives the invocation. */
export interface ProbeContext {
  readonly environment: Environment;
  readonly table: Table;
  readonly queues: Queues;
  readonly prober: Prober;
  readonly cache: CohortCache;
  /** Certificates this process has stored, by sha256. */
  readonly storedCertificates: Set<string>;
  readonly clock: ClockCheck;
  /** What this process last noted of its region's health; null: nothing yet. */
  noted: { readonly atMs: number; readonly unhealthy: boolean } | null;
  /** When this process last found most controls failing, epoch ms; absent: never. */
  sickAtMs?: number;
  readonly now: () => number;
}
