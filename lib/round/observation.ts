import type { Evidence, Handshake, OutcomeOf, Stage } from '../outcome/outcome.ts';

/** Durations of finished stages in ms; a key is absent when its stage did not finish (dnsMs also for address literals). */
export interface Timings {
  readonly dnsMs?: number;
  readonly tcpMs?: number;
  readonly tlsMs?: number;
  readonly http2Ms?: number;
}

/** `kernel`: the SYN to SYN-ACK time of TCP_INFO. `loop`: the event loop's clock. */
export type TcpClock = 'kernel' | 'loop';

interface Tried {
  /** The endpoint, see tagOf. */
  readonly tag: number;
  /** When the try began, epoch ms. Judging goes by this, never by slot or arrival. */
  readonly at: number;
}

interface AtAddress extends Tried {
  /** The address dialled, canonical text form. */
  readonly address: string;
  readonly tcpClock: TcpClock;
  /** SYNs that had to be sent again. A connect with any is latency of the loss, not of the path. */
  readonly synRetransmits: number;
  /** The shortest round trip that the kernel saw on the connection, ms (tcpi_min_rtt); absent: it did not say. */
  readonly minRttMs?: number;
  /** Stages whose duration our own event loop may have spoiled. */
  readonly tainted: readonly Stage[];
  /** sha256 of the leaf certificate seen, hex: 64 digits, or the first 8 once it has been packed as passing; null: none seen. */
  readonly certificate: string | null;
}

/** The try reached the rung its endpoint asks for. */
export interface Passing extends AtAddress {
  readonly passed: true;
  readonly stage: Handshake;
  readonly timings: Timings & { readonly tcpMs: number };
}

/** What the peer agreed to before a later stage failed. */
export interface TlsFacts {
  readonly version: string | null;
  readonly cipher: string | null;
  readonly alpn: string | null;
}

interface Failure {
  readonly passed: false;
  /** From the outcome table, or `inconclusive` when the prober's own region or resolver turned out to be sick. */
  readonly evidence: Evidence;
  /** An open set of words: `expired`, `unrecognized_name`, `region_unhealthy`, `resolver_unhealthy`, … */
  readonly reason: string | null;
  /** The error's own code, as the runtime gave it. */
  readonly errno: string | null;
  /** Bytes the peer sent in the failing stage. */
  readonly bytesReceived: number;
  /** The prober's public address, when known. */
  readonly sourceAddress: string | null;
}

/** The name did not resolve: there is no address to speak of. */
export interface FailedDns extends Tried, Failure {
  readonly stage: 'dns';
  readonly outcome: OutcomeOf<'dns'>;
  readonly timings: Record<string, never>;
}

export interface FailedTcp extends AtAddress, Failure {
  readonly stage: 'tcp';
  readonly outcome: OutcomeOf<'tcp'>;
  readonly timings: Pick<Timings, 'dnsMs'>;
}

export interface FailedTls extends AtAddress, Failure {
  readonly stage: 'tls';
  readonly outcome: OutcomeOf<'tls'>;
  readonly timings: Timings & { readonly tcpMs: number };
  readonly tls: TlsFacts;
}

export interface FailedHttp2 extends AtAddress, Failure {
  readonly stage: 'http2';
  readonly outcome: OutcomeOf<'http2'>;
  readonly timings: Timings & { readonly tcpMs: number };
  readonly tls: TlsFacts;
}

export type Failing = FailedDns | FailedTcp | FailedTls | FailedHttp2;

/** The record of one try. It never says "blocked". */
export type Observation = Passing | Failing;

/** Conclusive: it says something of the endpoint. A passing try always does. */
export function isConclusive(observation: Observation): boolean {
  return observation.passed || observation.evidence !== 'inconclusive';
}

/** The address tried; null when the name did not resolve. */
export function addressOf(observation: Observation): string | null {
  return observation.passed || observation.stage !== 'dns' ? observation.address : null;
}
