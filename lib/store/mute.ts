import * as z from 'zod/mini';
import type { Mute } from '../endpoint/quiet.ts';
import { INDEX, keys, muteIndex } from './keys.ts';
import { noteStore } from './note.ts';
import { queryAll } from './read.ts';
import type { Table } from './table.ts';

export const muteSchema = z.object({ until: z.string(), note: z.nullable(z.string()), at: z.string() });

const store = noteStore<Mute>(
  keys.mute,
  muteSchema,
  ({ until }) => Math.ceil(Date.parse(until) / 1000),
  muteIndex,
);

/** Null: not muted, or not any more. */
export const getMute: (table: Table, id: string) => Promise<Mute | null> = store.get;
/** In place of the mute before it, if any. */
export const putMute: (table: Table, id: string, mute: Mute) => Promise<void> = store.put;
/** Not muted: nothing happens. */
export const removeMute: (table: Table, id: string) => Promise<void> = store.remove;
/** The mutes that hold, by endpoint id. */
export const mutesOf: (table: Table, ids: readonly string[]) => Promise<ReadonlyMap<string, Mute>> = store.of;

/** Every mute of an endpoint that holds, by endpoint id; one that was put a moment ago may be missing. */
export async function allMutes(table: Table): Promise<ReadonlyMap<string, Mute>> {
  const named = await queryAll(table, {
    IndexName: INDEX,
    KeyConditionExpression: 'gsi1pk = :mutes',
    ExpressionAttributeValues: { ':mutes': muteIndex('').gsi1pk },
    ProjectionExpression: 'gsi1sk, expiresAt',
  });
  return mutesOf(
    table,
    named.map((item) => String(item.gsi1sk)),
  );
}
