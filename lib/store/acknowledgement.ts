import * as z from 'zod/mini';
import type { Acknowledgement } from '../incident/state.ts';
import { keys } from './keys.ts';
import { noteStore } from './note.ts';
import type { Table } from './table.ts';

const store = noteStore<Acknowledgement>(
  keys.acknowledgement,
  z.object({
    by: z.string(),
    note: z.nullable(z.string()),
    at: z.number(),
    until: z.nullable(z.number()),
  } satisfies Record<keyof Acknowledgement, z.ZodMiniType>),
  () => null,
);

/** Null: nobody has acknowledged anything. */
export const getAcknowledgement: (table: Table, id: string) => Promise<Acknowledgement | null> = store.get;
/** In place of the one before it, if any. */
export const putAcknowledgement: (table: Table, id: string, said: Acknowledgement) => Promise<void> =
  store.put;
/** None there: nothing happens. */
export const removeAcknowledgement: (table: Table, id: string) => Promise<void> = store.remove;
/** By endpoint id. */
export const acknowledgementsOf: (
  table: Table,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, Acknowledgement>> = store.of;
