import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { keys } from './keys.ts';
import { getItem, parseItem } from './read.ts';
import type { Table } from './table.ts';

/** That the judge works, for whoever cannot ask it. */
export interface Judged {
  /** When it last judged the watching as the watchdog had ordered; epoch ms. */
  readonly at: number;
  /** What it found to be wrong then, by subject. */
  readonly open: readonly string[];
}

const judgedSchema = z.object({ at: z.number(), open: z.array(z.string()) } satisfies Record<
  keyof Judged,
  z.ZodMiniType
>);

/** Null: it never has. */
export async function getJudged(table: Table): Promise<Judged | null> {
  const item = await getItem(table, keys.judged());
  return item && parseItem(judgedSchema, item);
}

export async function putJudged(table: Table, judged: Judged): Promise<void> {
  await table.documents.send(
    new PutCommand({ TableName: table.name, Item: { ...judged, ...keys.judged() } }),
  );
}
