import * as z from 'zod/mini';
import type { Acknowledgement } from '../incident/state.ts';
import { keys } from './keys.ts';
import { noteStore } from './note.ts';
import type { Table } from './table.ts';

const schema = z.object({
  by: z.string(),
  note: z.nullable(z.string()),
  at: z.number(),
  until: z.nullable(z.number()),
} satisfies Record<keyof Acknowledgement, z.ZodMiniType>);

const store = noteStore<Acknowledgement>(keys.acknowledgement, schema, () => null);
const others = noteStore<Acknowledgement>(keys.acknowledgementOf, schema, () => null);

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

/** Of a cause (see causeKey), or of an incident of the watching by its id; in place of the one before it, if any. */
export const putAcknowledgementOf: (table: Table, what: string, said: Acknowledgement) => Promise<void> =
  others.put;
/** None there: nothing happens. */
export const removeAcknowledgementOf: (table: Table, what: string) => Promise<void> = others.remove;
/** By cause, or incident. */
export const acknowledgementsOfOthers: (
  table: Table,
  what: readonly string[],
) => Promise<ReadonlyMap<string, Acknowledgement>> = others.of;
