import * as z from 'zod/mini';
import { keys } from './keys.ts';
import { noteStore } from './note.ts';
import type { Table } from './table.ts';

/** Nothing is told of the endpoint until then. Times are RFC 3339 UTC. */
export interface Mute {
  readonly until: string;
  readonly note: string | null;
  /** When it was muted. */
  readonly at: string;
}

const store = noteStore<Mute>(
  keys.mute,
  z.object({ until: z.string(), note: z.nullable(z.string()), at: z.string() }),
  ({ until }) => Math.ceil(Date.parse(until) / 1000),
);

/** Null: not muted, or not any more. */
export const getMute: (table: Table, id: string) => Promise<Mute | null> = store.get;
/** In place of the mute before it, if any. */
export const putMute: (table: Table, id: string, mute: Mute) => Promise<void> = store.put;
/** Not muted: nothing happens. */
export const removeMute: (table: Table, id: string) => Promise<void> = store.remove;
/** The mutes that hold, by endpoint id. */
export const mutesOf: (table: Table, ids: readonly string[]) => Promise<ReadonlyMap<string, Mute>> = store.of;
