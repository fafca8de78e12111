import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { keys, ROOM } from './keys.ts';
import { getItem, type Item, parseItem, queryAll } from './read.ts';
import { held, type Table } from './table.ts';

/** Where there may be room for an endpoint of an interval. A hint: whether there is, the claim itself says. */
export interface Room {
  /** No endpoint is, or ever was, in a cohort with a higher number; -1: there is none at all. */
  readonly newest: number;
  /** Numbers of cohorts in which a place was freed. */
  readonly freed: ReadonlySet<number>;
}

const roomSchema = z.object({
  sk: z.string(),
  newest: z.optional(z.int()),
  freed: z.optional(z.set(z.int())),
});

function toRoom(item: Item): Room & { readonly intervalSeconds: number } {
  const { sk, newest = -1, freed = new Set<number>() } = parseItem(roomSchema, item);
  return { intervalSeconds: Number(sk), newest, freed };
}

/** What is known of an interval. */
export async function getRoom(table: Table, intervalSeconds: number): Promise<Room> {
  const item = await getItem(table, keys.room(intervalSeconds));
  return item ? toRoom(item) : { newest: -1, freed: new Set() };
}

/** The newest cohort of each interval that has any, by interval. */
export async function newestCohorts(table: Table): Promise<ReadonlyMap<number, number>> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': ROOM },
    ConsistentRead: true,
  });
  return new Map(items.map(toRoom).map(({ intervalSeconds, newest }) => [intervalSeconds, newest]));
}

/** Says that a cohort has come into use. An older one than is known: nothing happens. */
export async function noteNewest(table: Table, intervalSeconds: number, number: number): Promise<void> {
  await held(
    table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.room(intervalSeconds),
        UpdateExpression: 'SET newest = :number',
        ConditionExpression: 'attribute_not_exists(newest) OR newest < :number',
        ExpressionAttributeValues: { ':number': number },
      }),
    ),
  );
}

/** Says that a cohort has room again. */
export function noteFreed(table: Table, intervalSeconds: number, number: number): Promise<void> {
  return change(table, intervalSeconds, 'ADD', number);
}

/** Says that a cohort has none any more. */
export function noteFull(table: Table, intervalSeconds: number, number: number): Promise<void> {
  return change(table, intervalSeconds, 'DELETE', number);
}

async function change(
  table: Table,
  intervalSeconds: number,
  action: 'ADD' | 'DELETE',
  number: number,
): Promise<void> {
  await table.documents.send(
    new UpdateCommand({
      TableName: table.name,
      Key: keys.room(intervalSeconds),
      UpdateExpression: `${action} freed :numbers`,
      ExpressionAttributeValues: { ':numbers': new Set([number]) },
    }),
  );
}
