import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Incident } from '../incident/state.ts';
import type { WatchIncident } from '../incident/watch-state.ts';
import { HISTORY_SHARDS, historyShard, INDEX, keys } from './keys.ts';
import { type Item, isLive, parseItem } from './read.ts';
import { incidentSchema } from './state-schema.ts';
import type { Table } from './table.ts';
import { watchIncidentSchema } from './watch.ts';

/** A history copy; `endpointId` null: of the watching itself. */
export type Recorded =
  | { readonly endpointId: string; readonly incident: Incident }
  | { readonly endpointId: null; readonly incident: WatchIncident };

/** Part of the history, and where the rest of it begins. */
export interface Chapter {
  /** Newest first. */
  readonly items: readonly Recorded[];
  /** The `before` of what comes next; null: that was the last. */
  readonly next: string | null;
}

/** RFC 3339 with milliseconds: the first position of that time. */
export const positionAt = (epochMs: number): string => new Date(epochMs).toISOString();

/**
 * What opened from `fromMs` on and before `before` (a position), newest first. One call reads one month at most; it may bring
 * fewer than `limit`, even none, with more behind them. A copy that was written a moment ago may be missing.
 */
export async function incidentsBefore(
  table: Table,
  options: { readonly fromMs: number; readonly before: string; readonly limit: number },
): Promise<Chapter> {
  const { fromMs, before, limit } = options;
  // What opened just before midnight of the first is in the month before that position.
  const month = positionAt(Date.parse(before.slice(0, 24)) - (before.includes('#') ? 0 : 1)).slice(0, 7);
  const monthBegan = `${month}-01T00:00:00.000Z`;
  const from = [positionAt(fromMs), monthBegan].sort().at(-1) ?? monthBegan;
  if (before <= from) return { items: [], next: null };
  const shards = await Promise.all(
    Array.from({ length: HISTORY_SHARDS }, (_, shard) =>
      readShard(table, { partition: historyShard(month, shard), from, before, limit }),
    ),
  );
  // Below the end of a shard that was not read to its end, that shard may have more.
  const readTo = shards.map(({ end }) => end).reduce((one, other) => (one > other ? one : other), '');
  const found = shards
    .flatMap(({ items }) => items)
    .filter((item) => sortKey(item) >= readTo)
    .sort((one, other) => (sortKey(one) < sortKey(other) ? 1 : -1));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const next = found.length > limit && last ? sortKey(last) : readTo || from;
  return { items: items.map(recorded), next: next > positionAt(fromMs) ? next : null };
}

/** `end`: the last position that was read; empty: the partition holds no more. */
async function readShard(
  table: Table,
  query: {
    readonly partition: string;
    readonly from: string;
    readonly before: string;
    readonly limit: number;
  },
): Promise<{ readonly items: readonly Item[]; readonly end: string }> {
  const page = await table.documents.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: INDEX,
      KeyConditionExpression: 'gsi1pk = :partition AND gsi1sk BETWEEN :from AND :before',
      ExpressionAttributeValues: {
        ':partition': query.partition,
        ':from': query.from,
        ':before': query.before,
      },
      ScanIndexForward: false,
      // Twice a shard's share, and one for `before` itself, which BETWEEN includes.
      Limit: Math.ceil((2 * query.limit) / HISTORY_SHARDS) + 1,
    }),
  );
  const items = (page.Items ?? []).filter((item) => isLive(item) && sortKey(item) !== query.before);
  return { items, end: String(page.LastEvaluatedKey?.gsi1sk ?? '') };
}

const sortKey = (item: Item): string => String(item.gsi1sk);

function recorded(item: Item): Recorded {
  if (item.pk === keys.watch().pk) {
    return { endpointId: null, incident: parseItem(watchIncidentSchema, item) };
  }
  return {
    endpointId: sortKey(item).slice(sortKey(item).indexOf('#') + 1),
    incident: parseItem(incidentSchema, item),
  };
}
