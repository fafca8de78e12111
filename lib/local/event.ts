import type { AlertFormat } from '../deployment/configuration.ts';
import type { Observation } from '../round/observation.ts';

/** A finished round as it is told. */
export interface RoundEvent {
  readonly event: 'round';
  readonly region: string;
  readonly cohort: string;
  /** Epoch seconds: the slot, and for a retry or a confirmation when it was due. */
  readonly slot: number;
  readonly cause: 'slot' | 'retry' | 'confirm';
  readonly observations: readonly (Observation & { readonly endpoint: string | null })[];
}

/** An alert as it came out of a topic. */
export interface AlertEvent {
  readonly event: 'alert';
  /** RFC 3339. */
  readonly at: string;
  readonly topic: AlertFormat;
  /** What was published: parsed for the formats that are JSON, else the text in `{text}`. */
  readonly alert: unknown;
  readonly subject: string | null;
}

/** What happens in the local stack. The first ones are `progress`, until there is one `ready`. */
export type LocalEvent =
  | { readonly event: 'progress'; readonly text: string }
  | { readonly event: 'ready'; readonly api: string }
  | RoundEvent
  | AlertEvent
  | { readonly event: 'demo'; readonly text: string }
  /** Something failed that the stack survives; `log` is what the function wrote last. */
  | { readonly event: 'trouble'; readonly text: string; readonly log: readonly string[] }
  /** A line a function wrote. */
  | { readonly event: 'log'; readonly function: string; readonly line: string };

export type Report = (event: LocalEvent) => void;
