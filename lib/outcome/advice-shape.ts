import type { OutcomeRow } from './outcome.ts';

/** `tcp refused`, `tls reset`, …: the name of a row of the outcome table. */
export type OutcomeName = OutcomeRow extends infer R
  ? R extends { readonly stage: infer S extends string; readonly outcome: infer O extends string }
    ? `${S} ${O}`
    : never
  : never;

/** What to look at first, in order, each line with its command. Placeholders are filled by lookFirst. */
export interface Advice {
  /** When other regions get further, on the same address. */
  readonly some: readonly string[];
  /** When no region gets further. */
  readonly everywhere: readonly string[];
}

/** The same whether other regions get further or not. */
export const both = (...lines: readonly string[]): Advice => ({ some: lines, everywhere: lines });
