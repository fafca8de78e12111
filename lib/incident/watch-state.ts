import type { Severity } from '../verdict/verdict.ts';
import type { Acknowledgement, Event, Outgoing } from './state.ts';

/** What can be wrong with the watching itself. Ids are never renamed. */
export const WATCH_KINDS = [
  'region_unhealthy',
  'region_silent',
  'dead_letters',
  'judge_lagging',
  'untold_alerts',
] as const;
export type WatchKind = (typeof WATCH_KINDS)[number];

export const WATCH_SEVERITY: Readonly<Record<WatchKind, Severity>> = {
  region_unhealthy: 'P3',
  region_silent: 'P3',
  // What failed is seen again by the next rounds and sweeps.
  dead_letters: 'P3',
  // Somebody hears of an outage late, or not at all.
  judge_lagging: 'P2',
  untold_alerts: 'P2',
};

/** `no_longer_watched`: nobody waits for the region any more, since it was taken out or there is nothing left to watch. */
export const WATCH_ENDS = ['recovered', 'no_longer_watched'] as const;
export type WatchEnd = (typeof WATCH_ENDS)[number];

/** Something that is wrong with the watching, as it is seen. Times are epoch ms. */
export type Finding =
  | {
      readonly kind: 'region_unhealthy';
      readonly region: string;
      /** The first sign. */
      readonly since: number;
      /** Controls, when it was confirmed. */
      readonly passed: number;
      readonly tried: number;
      /** SYNs to the controls that passed, and those of them that were lost. */
      readonly syns: number;
      readonly lost: number;
    }
  | {
      readonly kind: 'region_silent';
      readonly region: string;
      /** Its newest note; where there is none, since when one is expected. */
      readonly since: number;
    }
  | {
      readonly kind: 'dead_letters';
      /** Whose probers' queue; null: the judge's. */
      readonly region: string | null;
      /** When they were first seen. */
      readonly since: number;
      readonly messages: number;
    }
  | {
      readonly kind: 'judge_lagging';
      readonly region: null;
      /** When the order was sent that was judged late. */
      readonly since: number;
    }
  | {
      readonly kind: 'untold_alerts';
      readonly region: null;
      /** The first failure. */
      readonly since: number;
      readonly formats: readonly string[];
    };

/** At most one is open a subject: a region has one trouble at a time. Also the history copy. */
export interface WatchIncident {
  /** The dedupKey of all its alerts. No endpoint's id has a dot in it. */
  readonly id: string;
  readonly subject: string;
  /** What is told of it now. */
  readonly finding: Finding;
  readonly severity: Severity;
  /** When its first finding began. */
  readonly since: number;
  readonly openedAt: number;
  /** The newest that was told of it: trigger 1, then one more each. */
  readonly sequence: number;
  /** When that was; an acknowledgement apart. */
  readonly toldAt: number;
  /** The newest; null: nobody has, or it was taken back. */
  readonly acknowledged: Acknowledgement | null;
  /** When it was first acknowledged; null: never. */
  readonly acknowledgedAt: number | null;
  readonly endedAt: number | null;
  readonly end: WatchEnd | null;
}

/** What is told of an incident of the watching. `endpoint` is null and tells it from a transition of an endpoint. */
export interface WatchTransition {
  readonly endpoint: null;
  readonly event: Event;
  readonly dedupKey: string;
  readonly sequence: number;
  readonly severity: Severity;
  /** On resolve the one it had last. */
  readonly finding: Finding;
  /** When this was decided. */
  readonly at: number;
  /** Set on resolve. */
  readonly end: WatchEnd | null;
  readonly acknowledged: Acknowledgement | null;
  /** An update that says nothing new: it is still open, and nobody has acknowledged it. */
  readonly reminder: boolean;
  /** Regions of the deployment. */
  readonly regions: number;
}

/** Since when a region is expected to say something, and how often. */
export interface Expectation {
  readonly since: number;
  readonly intervalSeconds: number;
  /** When it was first found to be nearly silent; null: it is not. */
  readonly silentSeenAt: number | null;
}

/** All that the judge knows of the watching; one item, one conditional put. */
export interface WatchState {
  /** Raised by every save; 0: never saved. */
  readonly version: number;
  /** By region. */
  readonly expected: Readonly<Record<string, Expectation>>;
  /** By subject. */
  readonly open: Readonly<Record<string, WatchIncident>>;
  /** When the newest incident of a subject opened. */
  readonly openedAt: Readonly<Record<string, number>>;
  /** Alerts that not every format has been told of yet, oldest first. */
  readonly outbox: readonly Outgoing<WatchTransition>[];
  /** Incidents whose history copy has to be written. */
  readonly uncopied: readonly WatchIncident[];
}

export const NOTHING_WATCHED: WatchState = {
  version: 0,
  expected: {},
  open: {},
  openedAt: {},
  outbox: [],
  uncopied: [],
};
