/** How long each stage of a try may take, in ms, and how much a peer may send in it. */
export interface Limits {
  /** A SYN is sent again after 1 s and 3 s (Linux, RFC 6298 section 2.1): 4.5 s sees three of them. */
  readonly connectMs: number;
  readonly tlsMs: number;
  readonly http2Ms: number;
  /** The whole climb after dns. */
  readonly tryMs: number;
  /** Bytes a peer may send until TLS stands, or after a TCP handshake, before it counts as hostile. */
  readonly stageBytes: number;
  /** Bytes it may send after that. Two tickets and SETTINGS are under 4 kB; 64 kB of tickets cost 15 ms of our CPU time. */
  readonly sessionBytes: number;
}

export const LIMITS: Limits = {
  connectMs: 4500,
  tlsMs: 5000,
  http2Ms: 3000,
  tryMs: 6000,
  stageBytes: 256 * 1024,
  sessionBytes: 64 * 1024,
};

/** Two queries of this long each. */
export const DNS_QUERY_MS = 2000;
export const DNS_TRIES = 2;

/** At most two tries a second go to one address. */
export const ADDRESS_SPACING_MS = 500;

/** A control must have answered after this long, name included. A lost SYN costs 1 s and still fits. */
export const CONTROL_MS = 2000;

/** A try that did not get its turn after this long is given up as the prober's own trouble. */
export const START_WITHIN_MS = 30_000;
