import { evidenceOf, type Handshake, type OutcomeOf, type Stage } from '../outcome/outcome.ts';
import type {
  FailedDns,
  FailedHttp2,
  FailedTcp,
  FailedTls,
  Passing,
  TcpClock,
  Timings,
  TlsFacts,
} from '../round/observation.ts';
import type { DnsFailure } from './resolve.ts';
import { tcpClock } from './tcp-clock.ts';

/** What is tried: an endpoint and its tag. */
export interface Target {
  readonly tag: number;
  /** ASCII name or address literal without brackets. */
  readonly host: string;
  readonly port: number;
  readonly handshake: Handshake;
  readonly addressFamily: 'ipv4' | 'ipv6';
  readonly serverName?: string | undefined;
  readonly certificate: 'verify' | 'ignore';
}

/** The address to dial and how it was found. */
export interface Resolved {
  readonly address: string;
  /** Absent for literals and for addresses that somebody named. */
  readonly dnsMs?: number | undefined;
  /** When the try began, epoch ms. */
  readonly at: number;
}

const failed = { passed: false, sourceAddress: null } as const;

/** The observation of a name that did not resolve. */
export function failedDns(target: Target, at: number, failure: DnsFailure): FailedDns {
  return {
    ...failed,
    tag: target.tag,
    at,
    stage: 'dns',
    outcome: failure.outcome,
    evidence: evidenceOf('dns', failure.outcome, 0),
    reason: null,
    errno: failure.errno,
    bytesReceived: 0,
    timings: {},
  };
}

export const dnsTiming = (resolved: Resolved): Pick<Timings, 'dnsMs'> =>
  resolved.dnsMs === undefined ? {} : { dnsMs: resolved.dnsMs };

/** The observation of a try that ended before or while dialling. */
export function failedTcp(
  target: Target,
  resolved: Resolved,
  failure: Pick<FailedTcp, 'outcome' | 'reason' | 'errno' | 'synRetransmits'>,
): FailedTcp {
  return {
    ...failed,
    tag: target.tag,
    at: resolved.at,
    address: resolved.address,
    stage: 'tcp',
    outcome: failure.outcome,
    evidence: evidenceOf('tcp', failure.outcome, 0),
    reason: failure.reason,
    errno: failure.errno,
    bytesReceived: 0,
    timings: dnsTiming(resolved),
    tcpClock: tcpClock(),
    synRetransmits: failure.synRetransmits,
    tainted: [],
    certificate: null,
  };
}

/** What is known of a try once TCP has connected. */
export interface Reached {
  readonly tag: number;
  readonly at: number;
  readonly address: string;
  readonly tcpClock: TcpClock;
  readonly synRetransmits: number;
  readonly minRttMs?: number;
  readonly tainted: readonly Stage[];
  /** sha256 of the leaf. */
  readonly certificate: string | null;
  readonly timings: Timings & { readonly tcpMs: number };
}

/** How a stage above TCP failed. */
interface Failed<O> {
  readonly outcome: O;
  readonly reason: string | null;
  readonly errno: string | null;
}

export const passed = (reached: Reached, stage: Handshake): Passing => ({ ...reached, passed: true, stage });

export function failedTls(
  reached: Reached,
  { outcome, reason, errno }: Failed<OutcomeOf<'tls'>>,
  bytesReceived: number,
  tls: TlsFacts,
): FailedTls {
  const evidence = evidenceOf('tls', outcome, bytesReceived);
  return { ...reached, ...failed, stage: 'tls', outcome, evidence, reason, errno, bytesReceived, tls };
}

export function failedHttp2(
  reached: Reached,
  { outcome, reason, errno }: Failed<OutcomeOf<'http2'>>,
  bytesReceived: number,
  tls: TlsFacts,
): FailedHttp2 {
  const evidence = evidenceOf('http2', outcome, bytesReceived);
  return { ...reached, ...failed, stage: 'http2', outcome, evidence, reason, errno, bytesReceived, tls };
}
