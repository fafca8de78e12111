import type { AlertFormat } from '../deployment/configuration.ts';
import type { Environment } from '../deployment/environment.ts';
import type { Queues } from '../queue/queues.ts';
import type { Table } from '../store/table.ts';
import type { Topics } from '../topic/topics.ts';
import type { JudgeMemory, Saves } from './judge-memory.ts';

/** What a judge invocation works with. */
export interface JudgeContext {
  readonly environment: Environment;
  /** The formats that have a topic. */
  readonly formats: readonly AlertFormat[];
  readonly table: Table;
  readonly queues: Queues;
  readonly topics: Topics;
  readonly now: () => number;
  /** When this process last noted that a format could not be told. */
  readonly untoldNoted: Map<AlertFormat, number>;
  readonly memory: JudgeMemory;
}

/** What one judging of a cohort works with. */
export interface CohortContext extends JudgeContext {
  readonly saves: Saves;
}
