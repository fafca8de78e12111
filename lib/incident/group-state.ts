import type { Kind, Severity } from '../endpoint/severity.ts';
import type { Rule } from '../verdict/verdict.ts';
import type { Acknowledgement, Event, Outgoing, Transition } from './state.ts';

/** How an endpoint's incident is told: with the others of its cause, by itself, or not at all so far. */
export const MEMBER_TOLD = ['together', 'alone', 'not_yet'] as const;

/** An endpoint whose open incident has a cause in common with others. Times are epoch ms. */
export interface Member {
  readonly id: string;
  /** See tagOf. */
  readonly tag: number;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly since: number;
  /** When it falls due to be told. */
  readonly dueAt: number;
  readonly kind: Kind;
  readonly rule: Rule;
  readonly severity: Severity;
  readonly told: (typeof MEMBER_TOLD)[number];
  /** The causes that it may have now, the likeliest first: see causeKey. */
  readonly causes: readonly string[];
  /** Whether any of its regions fails now: an incident that flaps outlasts that. */
  readonly fails: boolean;
  readonly flapping: boolean;
  readonly runbookUrl: string | null;
  readonly acknowledged: Acknowledgement | null;
}

/** The members of one cohort, and what is told of one of them, as an example of all. */
export interface MembersOfCohort {
  readonly members: readonly Member[];
  readonly example: Transition;
}

/** What was said of a group when it was told. */
export interface WhatWasToldOfMany {
  readonly count: number;
  readonly kind: Kind;
  readonly rule: Rule;
  /** The gravest of any member. */
  readonly severity: Severity;
  readonly failing: readonly string[];
  readonly at: number;
}

/** Several incidents of one cause, told as one. It goes on when most of them change together. */
export interface GroupIncident {
  /** The dedupKey of all its alerts. No endpoint's id has a dot in it. */
  readonly id: string;
  /** The first failing handshake of any member. */
  readonly since: number;
  readonly openedAt: number;
  /** The newest that was told of it: trigger 1, then one more each. */
  readonly sequence: number;
  /** What was told last. */
  readonly told: WhatWasToldOfMany;
  /** The causes that at least half of them have now: who has none of these is told by itself. */
  readonly causes: readonly string[];
  /** The tags of all that an alert ever counted. */
  readonly counted: readonly number[];
  /** The first 100 of them. */
  readonly named: readonly Member[];
  /** When the newest of those that have left was well again; null: none has, or nobody said when. */
  readonly endedAt: number | null;
  /** Whether any has left it that is still in trouble, and told by itself. */
  readonly left: boolean;
  /** The newest acknowledgement of a member. */
  readonly acknowledged: Acknowledgement | null;
  /** What is told of one member, as an example of most. */
  readonly example: Transition;
}

/** What is told of a group. `endpoint` is null; `group` tells it from what is told of the watching. */
export interface GroupTransition {
  readonly endpoint: null;
  readonly group: {
    /** See causeKey. */
    readonly cause: string;
    /** On resolve all that were told of. */
    readonly count: number;
    /** Of those, in an update that says so, the ones that no alert has told of before; they come first. */
    readonly fresh: number;
    /** The gravest and oldest first; at most 100. */
    readonly members: readonly Member[];
  };
  readonly event: Event;
  readonly dedupKey: string;
  readonly sequence: number;
  readonly kind: Kind;
  readonly rule: Rule;
  readonly severity: Severity;
  readonly since: number;
  readonly at: number;
  /** On resolve: when the last of them was well again. */
  readonly endedAt: number | null;
  readonly reminder: boolean;
  readonly acknowledged: Acknowledgement | null;
  /** What was told before an update; null: it is none. */
  readonly before: Omit<WhatWasToldOfMany, 'at' | 'count'> | null;
  /** Most of them come and go. */
  readonly flapping: boolean;
  /** On resolve; `changed`: not all of them are well, some are told by themselves. */
  readonly end: 'recovered' | 'changed' | null;
  readonly example: Transition;
}

/** All that the judge knows of one cause; one item, one conditional put, gone once it is over and told. */
export interface GroupState {
  /** See causeKey. */
  readonly cause: string;
  readonly version: number;
  readonly incident: GroupIncident | null;
  /** The judge is to look at it by then; null: no need. */
  readonly wakeAt: number | null;
  readonly outbox: readonly Outgoing<GroupTransition>[];
  readonly uncopied: readonly never[];
}

export function noGroup(cause: string): GroupState {
  return { cause, version: 0, incident: null, wakeAt: null, outbox: [], uncopied: [] };
}
