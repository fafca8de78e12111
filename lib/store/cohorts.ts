import * as z from 'zod/mini';
import { cohortName } from '../endpoint/cohort.ts';
import { INTERVALS } from '../endpoint/endpoint.ts';
import { attentionSchema, type Cohort, unpackAttention } from './cohort.ts';
import { COHORTS, COHORTS_A_PARTITION, cohortBlock, FIRST_COHORTS } from './keys.ts';
import { parseItem, queryAll } from './read.ts';
import type { Table } from './table.ts';

/** What dispatch and watchdog need to know of a cohort: not its members, which are most of it. */
export interface CohortSummary extends Pick<Cohort, 'cohort' | 'plan' | 'attention' | 'wakeAt'> {
  /** How many members it has. */
  readonly places: number;
}

const summarySchema = z.object({
  sk: z.string(),
  plan: z.int(),
  places: z.optional(z.int()),
  attention: attentionSchema,
  wakeAt: z.optional(z.number()),
});

/** Every cohort, the empty ones too. */
export async function allCohorts(table: Table): Promise<readonly CohortSummary[]> {
  const first = await partition(table, COHORTS);
  const known = new Set(first.map(({ cohort }) => cohort));
  const more = INTERVALS.filter((interval) => known.has(cohortName(interval, FIRST_COHORTS - 1)));
  const rest = await Promise.all(more.map((interval) => blocksOf(table, interval)));
  return [first, ...rest].flat();
}

/**
 * The cohorts of an interval beyond the first. Numbers have no gaps, so a block that is not full is the last one; twice as many blocks
 * are asked for each time, because home may be an ocean away.
 */
async function blocksOf(table: Table, intervalSeconds: number): Promise<readonly CohortSummary[]> {
  const found: CohortSummary[] = [];
  for (let from = 0, count = 1; ; from += count, count *= 2) {
    const blocks = await Promise.all(
      Array.from({ length: count }, (_, n) => partition(table, cohortBlock(intervalSeconds, from + n))),
    );
    found.push(...blocks.flat());
    if ((blocks.at(-1)?.length ?? 0) < COHORTS_A_PARTITION) return found;
  }
}

async function partition(table: Table, pk: string): Promise<readonly CohortSummary[]> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeNames: { '#plan': 'plan' },
    ExpressionAttributeValues: { ':pk': pk },
    ProjectionExpression: 'sk, #plan, places, attention, wakeAt',
    ConsistentRead: true,
  });
  return items.map((item) => {
    const { sk, plan, places = 0, attention, wakeAt = null } = parseItem(summarySchema, item);
    return { cohort: sk, plan, places, attention: unpackAttention(attention), wakeAt };
  });
}
