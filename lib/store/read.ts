import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetCommand, GetCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod/mini';
import type { Key } from './keys.ts';
import type { Table } from './table.ts';

export type Item = Record<string, unknown>;

/** An item is there and cannot be understood. */
export class UnreadableItem extends Error {
  override readonly name = 'UnreadableItem';
}

/**
 * The item as its schema has it.
 * @throws UnreadableItem naming the item and the first field that does not fit.
 */
export function parseItem<T>(schema: z.ZodMiniType<T>, item: Item): T {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') || '(whole)';
  throw new UnreadableItem(
    `the item ${String(item.pk)} / ${String(item.sk)} cannot be read: field ${field}: ${issue?.message}; was it written by another version?`,
    { cause: parsed.error },
  );
}

/** The table's TTL takes up to days to remove what has expired, so every read asks this. `expiresAt`: epoch seconds. */
export function isLive(item: Item, nowMs: number = Date.now()): boolean {
  return typeof item.expiresAt !== 'number' || item.expiresAt * 1000 > nowMs;
}

/** What of an item is sent; what is read is paid for whole. */
interface Projection {
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
}

/** One item, consistently; null when it is not there or has expired. */
export async function getItem(table: Table, key: Key, projection: Projection = {}): Promise<Item | null> {
  const { Item: item } = await table.documents.send(
    new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true, ...projection }),
  );
  return item && isLive(item) ? item : null;
}

/** All items of a query, page after page, expired ones left out. */
export async function queryAll(
  table: Table,
  query: Omit<QueryCommandInput, 'TableName'>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let from: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await table.documents.send(
      new QueryCommand({ TableName: table.name, ...query, ExclusiveStartKey: from }),
    );
    for (const item of page.Items ?? []) if (isLive(item)) items.push(item);
    from = page.LastEvaluatedKey;
  } while (from);
  return items;
}

/** A BatchGetItem takes no more keys than this. */
const BATCH_KEYS = 100;
/** A batch that brings nothing at all is asked for again, 50 ms later and then twice as late each time, this often. */
const EMPTY_ANSWERS = 6;

/** The items that are there, consistently, in no order; expired ones left out. Keys named twice are read once. */
export async function getItems(
  table: Table,
  wanted: readonly Key[],
  projection: Projection = {},
): Promise<readonly Item[]> {
  const unique = [...new Map(wanted.map((key) => [`${key.pk}\0${key.sk}`, key])).values()];
  const items: Item[] = [];
  for (let at = 0; at < unique.length; at += BATCH_KEYS) {
    let missing: Item[] = unique.slice(at, at + BATCH_KEYS);
    for (let empty = 0; missing.length > 0; ) {
      const answer = await table.documents.send(
        new BatchGetCommand({
          RequestItems: { [table.name]: { Keys: missing, ConsistentRead: true, ...projection } },
        }),
      );
      const found = answer.Responses?.[table.name] ?? [];
      items.push(...found.filter((item) => isLive(item)));
      missing = answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
      if (missing.length === 0) break;
      empty = found.length > 0 ? 0 : empty + 1;
      if (empty === EMPTY_ANSWERS) {
        throw new Error(
          `the table ${table.name} leaves ${missing.length} keys of a batch unread: it is throttled`,
          {
            cause: { keys: missing },
          },
        );
      }
      await sleep(50 * 2 ** empty * Math.random());
    }
  }
  return items;
}
