import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod/mini';
import type { IndexKey, Key } from './keys.ts';
import { getItem, getItems, parseItem } from './read.ts';
import type { Table } from './table.ts';

/** What a user has said about an endpoint, one item a kind: its mute, its acknowledgement. */
export interface NoteStore<T> {
  get(table: Table, id: string): Promise<T | null>;
  put(table: Table, id: string, note: T): Promise<void>;
  remove(table: Table, id: string): Promise<void>;
  of(table: Table, ids: readonly string[]): Promise<ReadonlyMap<string, T>>;
}

/**
 * @param expiresAt when a note is over, in epoch seconds; null: it stays until it is removed.
 * @param indexOf where the index lists the note; it does not when left out.
 */
export function noteStore<T extends object>(
  keyOf: (id: string) => Key,
  schema: z.ZodMiniType<T>,
  expiresAt: (note: T) => number | null,
  indexOf?: (id: string) => IndexKey,
): NoteStore<T> {
  return {
    async get(table, id) {
      const item = await getItem(table, keyOf(id));
      return item && parseItem(schema, item);
    },
    async put(table, id, note) {
      const expires = expiresAt(note);
      const listed = { ...keyOf(id), ...indexOf?.(id), id };
      const item = { ...note, ...listed, ...(expires === null ? {} : { expiresAt: expires }) };
      await table.documents.send(new PutCommand({ TableName: table.name, Item: item }));
    },
    async remove(table, id) {
      await table.documents.send(new DeleteCommand({ TableName: table.name, Key: keyOf(id) }));
    },
    async of(table, ids) {
      const items = await getItems(table, ids.map(keyOf));
      return new Map(items.map((item) => [String(item.id), parseItem(schema, item)]));
    },
  };
}
