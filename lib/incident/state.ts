import type { Handshake } from '../outcome/outcome.ts';
import type { RegionReport, RegionState } from '../verdict/region-state.ts';
import type { Kind, Rule, Severity } from '../verdict/verdict.ts';

/** A region began to fail and the others have been, or are to be, asked at once. All times are epoch ms. */
export interface Suspicion {
  /** Opaque, unique for the endpoint; part of the confirmation rounds' keys. */
  readonly id: string;
  /** `at` of the first failing try. */
  readonly startedAt: number;
  /** The address that failed there; null when the name did not resolve. */
  readonly address: string | null;
  /** When the wave was sent; null: it still has to be. */
  readonly askedAt: number | null;
  /**
   * The first try known to have passed elsewhere after it began; null: none yet. A region that fails again after this is failing
   * while others listen: that, and no lesser thing, is `partial`.
   */
  readonly heardAt: number | null;
  /** What its failing regions were asked to try, because it listens elsewhere; null: nothing (yet). */
  readonly comparison: { readonly address: string; readonly askedAt: number | null } | null;
}

/** The end of an outage is checked like its beginning: when a region passes again, those still failing are asked at once. */
export interface Recall {
  /** Like a suspicion's. */
  readonly id: string;
  /** `at` of the passing try that caused it. */
  readonly startedAt: number;
  /** The address that failed; null when the name did not resolve. */
  readonly address: string | null;
  /** When the wave was sent; null: it still has to be. */
  readonly askedAt: number | null;
}

/** Somebody has said that they look after an incident. */
export interface Acknowledgement {
  readonly by: string;
  readonly note: string | null;
  /** Epoch ms. An incident that opened later is not meant. */
  readonly at: number;
  /** Reminders begin again then; null: not before it is over. */
  readonly until: number | null;
}

export const INCIDENT_ENDS = ['recovered', 'changed', 'no_longer_watched', 'no_data'] as const;
export type IncidentEnd = (typeof INCIDENT_ENDS)[number];

/** What receivers know of an incident. */
export interface WhatWasTold {
  readonly kind: Kind;
  readonly rule: Rule;
  readonly severity: Severity;
  readonly failing: readonly string[];
  readonly at: number;
}

/** A confirmed departure from what is expected. Also the history copy. */
export interface Incident {
  /** The dedupKey of all its alerts. */
  readonly id: string;
  readonly kind: Kind;
  readonly rule: Rule;
  readonly severity: Severity;
  /** First failing handshake. */
  readonly since: number;
  /** When it was confirmed. */
  readonly openedAt: number;
  /** When its trigger was ordered to be told, or an alert that counts it among others; null: not told (yet). */
  readonly toldAt: number | null;
  /** The newest change of what is told: trigger 1, then one more each. 0 while untold. */
  readonly sequence: number;
  /** What was last told, to see whether an update is due. */
  readonly told: WhatWasTold | null;
  /** The newest; null: nobody has, or it was taken back. */
  readonly acknowledged: Acknowledgement | null;
  /** The cause that it is told under, together with others (see causeKey); null: by itself. */
  readonly grouped: string | null;
  /** When it was first acknowledged; null: never. */
  readonly acknowledgedAt: number | null;
  readonly failingRegions: readonly string[];
  /** Every region that it was ever about. */
  readonly failedRegions: readonly string[];
  /** The endpoint's when it opened; null: it had none. */
  readonly team: string | null;
  readonly flapping: boolean;
  /** Since when the present verdict has held; what flapping waits for. */
  readonly heldSince: number;
  /** A region testifies that the port listens by a try that passed after this: the newest suspicion it has been through. */
  readonly freshSince: number;
  /**
   * When a recovery began that not all still failing have been tried since; null: none. The incident narrows once each of them
   * has failed after it, so that the end of a total outage is not taken for a partial one.
   */
  readonly narrowingSince: number | null;
  readonly recall: Recall | null;
  readonly endedAt: number | null;
  readonly end: IncidentEnd | null;
}

export const EVENTS = ['trigger', 'update', 'acknowledge', 'resolve'] as const;
export type Event = (typeof EVENTS)[number];

/** One of the four things that are told of an endpoint, with all that a format needs to tell it. */
export interface Transition {
  readonly event: Event;
  readonly dedupKey: string;
  readonly sequence: number;
  /** Of the incident; on resolve those it had last. */
  readonly kind: Kind;
  readonly rule: Rule;
  readonly severity: Severity;
  readonly since: number;
  /** When this was decided. */
  readonly at: number;
  /** When the incident ended, on resolve: of a flapping one when its last change was, which it then held. */
  readonly endedAt: number | null;
  readonly flapping: boolean;
  readonly acknowledged: Acknowledgement | null;
  /** An update that says nothing new: the incident is still open, and nobody has acknowledged it. */
  readonly reminder: boolean;
  /** Set on resolve. */
  readonly end: IncidentEnd | null;
  readonly endpoint: {
    readonly id: string;
    readonly name: string;
    readonly host: string;
    readonly port: number;
    readonly handshake: Handshake;
    /** What TLS asks for; null: the endpoint has none, and its host, if that is a name, stands in. */
    readonly serverName: string | null;
    readonly team: string | null;
  };
  readonly runbookUrl: string | null;
  /** What was told of the incident before this; null: nothing, or it is told anew. */
  readonly before: (Omit<WhatWasTold, 'at'> & { readonly flapping: boolean }) | null;
  readonly listeningRegions: readonly string[];
  readonly failingRegions: readonly string[];
  readonly unknownRegions: readonly string[];
  readonly regions: readonly RegionReport[];
}

/** A transition and the formats that have been told of it. It leaves the outbox when all have. */
export interface Outgoing<T = Transition> {
  readonly transition: T;
  readonly told: readonly string[];
}

/** All that the judge knows of one endpoint; one item, one conditional put. */
export interface EndpointState {
  readonly endpointId: string;
  /** See tagOf; another tag is another endpoint. */
  readonly tag: number;
  /** The endpoint's `watchedSince` this state is about, RFC 3339. */
  readonly watchedSince: string;
  /** Raised by every save; 0: never saved. */
  readonly version: number;
  readonly regions: Readonly<Record<string, RegionState>>;
  /** First passing try of any region since `watchedSince`; null: unproven. */
  readonly provenAt: number | null;
  readonly suspicion: Suspicion | null;
  readonly incident: Incident | null;
  /** When the other regions were last asked, by suspicion or recall; null: never. */
  readonly wavedAt: number | null;
  /** Since when no region has said anything conclusive; null: some region does. */
  readonly silentSince: number | null;
  /** When incidents opened lately, for flapping. */
  readonly openings: readonly number[];
  /** Alerts that not every format has been told of yet, oldest first. */
  readonly outbox: readonly Outgoing[];
  /** Incidents whose history copy has to be written. */
  readonly uncopied: readonly Incident[];
}
