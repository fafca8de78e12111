import type { Event } from '../incident/state.ts';
import type { WatchKind, WatchTransition } from '../incident/watch-state.ts';
import { oneLine } from './limits.ts';

/** What is told that is not of an endpoint: of the watching itself (a WatchTransition is one), or a drill. */
export interface Notice
  extends Pick<
    WatchTransition,
    'dedupKey' | 'sequence' | 'severity' | 'at' | 'end' | 'acknowledged' | 'reminder'
  > {
  readonly event: Event | 'test';
  readonly finding: {
    readonly kind: WatchKind | 'test';
    /** Null: about the deployment as a whole. */
    readonly region: string | null;
    readonly since: number;
  };
}

/** What every format says of a notice. */
export interface NoticeWords {
  /** ASCII, at most 99 characters. */
  readonly subject: string;
  /** One line that says it all, without the severity. */
  readonly summary: string;
  readonly sentence: string;
  /** What follows from it; null once it is over. */
  readonly reasoning: string | null;
  readonly checklist: readonly string[];
}

/** Whether something can be done about it: it is neither over nor a drill. */
export function isOpen({ event }: Notice): boolean {
  return event !== 'resolve' && event !== 'test';
}

/** The region's name as one short line; null: it is about none. */
export function regionOf({ finding: { region } }: Notice): string | null {
  return region === null ? null : oneLine(region, 40);
}
