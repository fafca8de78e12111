import type { Observation } from './observation.ts';

/** Why a round was made; also how its sort key ends. */
export type RoundCause =
  /** The schedule: one try per endpoint. `at` is the slot, in epoch seconds. */
  | { readonly kind: 'slot'; readonly slot: number }
  /** The prober itself, after news. */
  | { readonly kind: 'retry'; readonly due: number; readonly chain: string }
  /** The judge or the API: "try it now". */
  | { readonly kind: 'confirm'; readonly due: number; readonly suspicion: string };

/** One cohort (or the part of it a message names) tried once from one region. */
export interface Round {
  readonly cohort: string;
  readonly region: string;
  readonly cause: RoundCause;
  readonly observations: readonly Observation[];
}

const seconds = (epochSeconds: number): string => String(epochSeconds).padStart(10, '0');

/** `<slot>#r`, `<due>#t#<chain>`, `<due>#c#<suspicion>`: ten digits, so that text order is time order. */
export function roundKey(cause: RoundCause): string {
  switch (cause.kind) {
    case 'slot':
      return `${seconds(cause.slot)}#r`;
    case 'retry':
      return `${seconds(cause.due)}#t#${cause.chain}`;
    case 'confirm':
      return `${seconds(cause.due)}#c#${cause.suspicion}`;
  }
}

/** @throws when the text is not a round's key. */
export function parseRoundKey(key: string): RoundCause {
  const match = /^(\d{10})#(r|t|c)(?:#(.+))?$/.exec(key);
  const at = Number(match?.[1]);
  const name = match?.[3] ?? '';
  if (match?.[2] === 'r' && !name) return { kind: 'slot', slot: at };
  if (match?.[2] === 't' && name) return { kind: 'retry', due: at, chain: name };
  if (match?.[2] === 'c' && name) return { kind: 'confirm', due: at, suspicion: name };
  throw new Error(`not a round's key: ${key}`, { cause: { key } });
}
