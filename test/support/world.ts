import type { Endpoint } from '../../lib/endpoint/endpoint.ts';
import type { Acknowledgement } from '../../lib/incident/state.ts';
import type { Step } from './judge-home.ts';
import type { Fate } from './tries.ts';

/**
 * What is true of the port: how a try of an address from a region that begins at a time ends. `silent`: no prober there.
 * The slot's number where it is a scheduled try, else null.
 */
export type Truth = (region: string, atMs: number, address: string, slot: number | null) => Fate | 'silent';

export interface World {
  readonly truth: Truth;
  readonly durationMs: number;
  readonly regions?: readonly string[];
  /** What a region's resolver answers. */
  readonly addresses?: (region: string, atMs: number) => readonly string[];
  /** The endpoint at a time; another `watchedSince` is another endpoint. Its interval must not change. */
  readonly endpoint?: (atMs: number) => Endpoint;
  /** How long a message or a write is under way. */
  readonly delayMs?: () => number;
  /** Whether a message is lost, or delivered twice. */
  readonly lost?: () => boolean;
  readonly twice?: () => boolean;
  /** When what falls due in a region begins; null: never. Default: when it is due. */
  readonly begins?: (region: string, dueMs: number, slot: number | null) => number | null;
  /** How far a region's clock is ahead. */
  readonly skewMs?: (region: string) => number;
  readonly dies?: (step: Step) => boolean;
  readonly mutedUntil?: (atMs: number) => number | null;
  readonly acknowledgement?: (atMs: number) => Acknowledgement | null;
  readonly remindEveryMs?: number;
  /** Until when all that falls due in a region begins in time and passes. Such slots cost next to nothing. Default: not known. */
  readonly quietUntil?: (region: string, atMs: number) => number;
  /** Every judgement is made twice, and compared. Default true. */
  readonly thorough?: boolean;
}

export const REGIONS: readonly string[] = ['a', 'b', 'c', 'd', 'e', 'f'];
