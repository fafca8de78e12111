import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Again } from '../queue/message.ts';
import type { Round } from '../round/round.ts';

/** A round and what is known of its endpoints, by tag. */
export interface Made {
  readonly round: Round;
  readonly endpoints: ReadonlyMap<number, Endpoint>;
  /** The tries of a chain that this round went on with; empty when it may begin one. */
  readonly causes: readonly Again[];
  /** See Job. */
  readonly elsewhere: boolean;
  /** True when it was read from the table instead of tried. */
  readonly stored: boolean;
}

/** Counts of one invocation, for its one line of log. */
export interface Probed {
  tried: number;
  failed: number;
  news: number;
  stored: number;
  tooLate: number;
  nothingKnown: number;
  nothingToTry: number;
  unwritten: number;
}
