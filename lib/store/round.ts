import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { MESSAGE_VERSION, type WriteOrder } from '../queue/message.ts';
import { packRound, unpackRound } from '../round/pack.ts';
import { parseRoundKey, type Round, type RoundCause, roundKey } from '../round/round.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Page } from './incident.ts';
import { keys } from './keys.ts';
import { getItem, type Item, isLive, parseItem, queryAll, UnreadableItem } from './read.ts';
import { held, type Table } from './table.ts';

const DAY_SECONDS = 86_400;

const binary = z.instanceof(Uint8Array);
const roundSchema = z.object({ sk: z.string(), passing: binary, failing: z.optional(binary) });

function secondOf(cause: RoundCause): number {
  return cause.kind === 'slot' ? cause.slot : cause.due;
}

const seconds = (epochSeconds: number): string =>
  String(Math.max(0, Math.ceil(epochSeconds))).padStart(10, '0');

function toRound(cohort: string, region: string, item: Item): Round {
  const { sk, passing, failing } = parseItem(roundSchema, item);
  try {
    return { cohort, region, cause: parseRoundKey(sk), observations: unpackRound(passing, failing ?? null) };
  } catch (cause) {
    throw new UnreadableItem(
      `the round ${String(item.pk)} / ${sk} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
}

/** Writes a round, once. False: one of this key is there already, and is left as it is. */
export async function putRound(table: Table, round: Round): Promise<boolean> {
  return put(table, round.cohort, round.region, roundKey(round.cause), packRound(round.observations));
}

/** Writes a round that waited in a queue, packed; like putRound. */
export async function putPackedRound(table: Table, order: WriteOrder): Promise<boolean> {
  return put(table, order.cohort, order.region, order.key, {
    passing: Buffer.from(order.passing, 'base64'),
    failing: order.failing === null ? null : Buffer.from(order.failing, 'base64'),
  });
}

/** The message in which a round waits that could not be written. `attempt`: how often it has been put back. */
export function packedOrder(round: Round, attempt: number): WriteOrder {
  const { passing, failing } = packRound(round.observations);
  return {
    v: MESSAGE_VERSION,
    kind: 'write',
    cohort: round.cohort,
    region: round.region,
    key: roundKey(round.cause),
    passing: Buffer.from(passing).toString('base64'),
    failing: failing && Buffer.from(failing).toString('base64'),
    attempt,
  };
}

async function put(
  table: Table,
  cohort: string,
  region: string,
  key: string,
  { passing, failing }: { readonly passing: Uint8Array; readonly failing: Uint8Array | null },
): Promise<boolean> {
  const expiresAt = secondOf(parseRoundKey(key)) + table.roundDays * DAY_SECONDS;
  return held(
    table.documents.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...keys.round(cohort, region, key), passing, failing: failing ?? undefined, expiresAt },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  );
}

/** One round; null: not there (any more). `key`: see roundKey. */
export async function getRound(
  table: Table,
  cohort: string,
  region: string,
  key: string,
): Promise<Round | null> {
  const item = await getItem(table, keys.round(cohort, region, key));
  return item && toRound(cohort, region, item);
}

/** The rounds of slots, retries and confirmations due at or after a second, in that order. */
export async function roundsSince(
  table: Table,
  cohort: string,
  region: string,
  sinceEpochSeconds: number,
): Promise<readonly Round[]> {
  const since = keys.round(cohort, region, seconds(sinceEpochSeconds));
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk AND sk >= :since',
    ExpressionAttributeValues: { ':pk': since.pk, ':since': since.sk },
    ConsistentRead: true,
  });
  return items.map((item) => toRound(cohort, region, item));
}

/** Rounds due in a range, newest first, and whether that is all of them. */
export interface NewestRounds {
  readonly rounds: readonly Round[];
  readonly complete: boolean;
}

/** The newest rounds due at `fromSeconds` or later and before `toSeconds`, at most `limit`. */
export async function newestRounds(
  table: Table,
  cohort: string,
  region: string,
  options: { readonly fromSeconds: number; readonly toSeconds: number; readonly limit: number },
): Promise<NewestRounds> {
  const from = keys.round(cohort, region, seconds(options.fromSeconds));
  const to = seconds(options.toSeconds);
  const rounds: Round[] = [];
  if (to <= from.sk) return { rounds, complete: true };
  let start: Item | undefined;
  do {
    const page = await table.documents.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': from.pk, ':from': from.sk, ':to': to },
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: options.limit - rounds.length,
        ExclusiveStartKey: start,
      }),
    );
    const live = (page.Items ?? []).filter((item) => isLive(item));
    rounds.push(...live.map((item) => toRound(cohort, region, item)));
    start = page.LastEvaluatedKey;
  } while (start && rounds.length < options.limit);
  return { rounds, complete: start === undefined };
}

/**
 * A page of rounds, oldest first: those due at `fromSeconds` or later and before `toSeconds`.
 * @param options.limit at most this many rounds; @param options.cursor the `next` of the page before.
 * @throws BadCursor when the cursor is not of this cohort and region.
 */
export async function timingsOf(
  table: Table,
  cohort: string,
  region: string,
  options: {
    readonly fromSeconds: number;
    readonly toSeconds: number;
    readonly limit: number;
    readonly cursor?: string | null | undefined;
  },
): Promise<Page<Round>> {
  const from = keys.round(cohort, region, seconds(options.fromSeconds));
  const to = seconds(options.toSeconds);
  if (to <= from.sk) return { items: [], next: null };
  const start = options.cursor
    ? decodeCursor(options.cursor, from.pk, (sk) => sk >= from.sk && sk < to)
    : undefined;
  const page = await table.documents.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': from.pk, ':from': from.sk, ':to': to },
      ConsistentRead: true,
      Limit: options.limit,
      ExclusiveStartKey: start,
    }),
  );
  const items = (page.Items ?? []).filter((item) => isLive(item));
  const last = page.LastEvaluatedKey;
  return {
    items: items.map((item) => toRound(cohort, region, item)),
    next: last ? encodeCursor(from.pk, String(last.sk)) : null,
  };
}
