import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type Maintenance, overAt } from '../endpoint/maintenance.ts';
import { concernedSchema, onceSchedule, recurringSchedule } from '../endpoint/maintenance-schema.ts';
import type { QuietPlans, TagMute } from '../endpoint/quiet.ts';
import { keys, MAINTENANCE_PREFIX, QUIET, TAG_MUTE_PREFIX } from './keys.ts';
import { muteSchema } from './mute.ts';
import { getItem, type Item, parseItem, queryAll, UnreadableItem } from './read.ts';
import type { Table } from './table.ts';

/** At most this many mutes of tags, and this many maintenances, so that all can be read whenever something is to be told. */
export const MAX_PLANS = 200;

const tagMuteSchema = z.object({ ...muteSchema.shape, tag: z.string() } satisfies Record<
  keyof TagMute,
  z.ZodMiniType
>);

const maintenanceSchema = z.object({
  id: z.string(),
  note: z.nullable(z.string()),
  by: z.nullable(z.string()),
  endpoints: concernedSchema,
  schedule: z.union([onceSchedule, recurringSchedule]),
  at: z.string(),
} satisfies Record<keyof Maintenance, z.ZodMiniType>);

/** The plans that could be read, and what was wrong with the others: one bad item must not silence, nor deafen, all the rest. */
export interface StoredPlans extends QuietPlans {
  readonly unreadable: readonly UnreadableItem[];
}

/** Every mute of a tag that holds and every maintenance, also what is over and not yet forgotten. */
export async function quietPlans(table: Table): Promise<StoredPlans> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': QUIET },
    ConsistentRead: true,
  });
  const unreadable: UnreadableItem[] = [];
  const readable = <T>(prefix: string, schema: z.ZodMiniType<T>): T[] =>
    items
      .filter(({ sk }) => String(sk).startsWith(prefix))
      .flatMap((item) => parsed(schema, item, unreadable));
  return {
    tagMutes: readable(TAG_MUTE_PREFIX, tagMuteSchema),
    maintenances: readable(MAINTENANCE_PREFIX, maintenanceSchema),
    unreadable,
  };
}

function parsed<T>(schema: z.ZodMiniType<T>, item: Item, unreadable: UnreadableItem[]): T[] {
  try {
    return [parseItem(schema, item)];
  } catch (error) {
    if (!(error instanceof UnreadableItem)) throw error;
    unreadable.push(error);
    return [];
  }
}

/** Null: there is none of this id. */
export async function getMaintenance(table: Table, id: string): Promise<Maintenance | null> {
  const item = await getItem(table, keys.maintenance(id));
  return item && parseItem(maintenanceSchema, item);
}

/** In place of the one before it, if any. One that is over is kept as long as the rounds that were made in it. */
export async function putMaintenance(table: Table, maintenance: Maintenance): Promise<void> {
  const over = overAt(maintenance);
  const expires = over === null ? {} : { expiresAt: Math.ceil(over / 1000) + table.roundDays * 86_400 };
  const item = { ...maintenance, ...keys.maintenance(maintenance.id), ...expires };
  await table.documents.send(new PutCommand({ TableName: table.name, Item: item }));
}

/** None there: nothing happens. */
export async function removeMaintenance(table: Table, id: string): Promise<void> {
  await table.documents.send(new DeleteCommand({ TableName: table.name, Key: keys.maintenance(id) }));
}

/** In place of the mute before it, if any. */
export async function putTagMute(table: Table, mute: TagMute): Promise<void> {
  const expiresAt = Math.ceil(Date.parse(mute.until) / 1000);
  const item = { ...mute, ...keys.tagMute(mute.tag), expiresAt };
  await table.documents.send(new PutCommand({ TableName: table.name, Item: item }));
}

/** Not muted: nothing happens. */
export async function removeTagMute(table: Table, tag: string): Promise<void> {
  await table.documents.send(new DeleteCommand({ TableName: table.name, Key: keys.tagMute(tag) }));
}
