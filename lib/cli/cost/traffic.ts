import type { Handshake } from '../../outcome/outcome.ts';

/**
 * Bytes with all headers from IPv4 up. To endpoints: counted by nftables (`npm run bench -- wire`, the larger of what was seen). To the table: requests
 * and answers of the SDK as counted in front of the emulator; a test counts again.
 */
export const SENT: Readonly<Record<Handshake, number>> = { tcp: 216, tls: 755, http2: 1002 };

/** Three SYNs, which nobody answers. */
export const SENT_INTO_SILENCE = 3 * 60;

/** Headers and body of a request, and of its answer, without what TLS and TCP put around them. */
export const REQUEST = {
  round: { sent: 1130, sentPerEndpoint: 37, received: 355 },
  attention: { sent: 1090, sentPerCohort: 42, received: 410, receivedPerCohort: 45 },
  note: { sent: 1780, received: 740 },
  cohorts: { sent: 1150, received: 395, receivedPerCohort: 62 },
} as const;

/** Not counted, for the emulator has none of it: a session token of Lambda's in each request; TLS records, TCP and IP headers with the ACKs. */
export const ASSUMED_BYTES = {
  sessionToken: 1000,
  aroundRequest: 300,
  /** A handshake with AWS, each way; one connection for an invocation. */
  handshakeSent: 900,
  handshakeReceived: 5500,
} as const;

/** What an invocation sends home and what home answers, in bytes. */
export function between(requests: readonly { readonly sent: number; readonly received: number }[]): {
  readonly sent: number;
  readonly received: number;
} {
  const { sessionToken, aroundRequest, handshakeSent, handshakeReceived } = ASSUMED_BYTES;
  const sum = (of: (one: (typeof requests)[number]) => number): number =>
    requests.reduce((all, one) => all + of(one), 0);
  return {
    sent: handshakeSent + sum(({ sent }) => sent + sessionToken + aroundRequest),
    received: handshakeReceived + sum(({ received }) => received + aroundRequest),
  };
}
