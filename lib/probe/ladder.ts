import type { Socket } from 'node:net';
import { mayBeDialled } from '../endpoint/address.ts';
import type { Stage } from '../outcome/outcome.ts';
import type { CertificateFacts } from '../round/certificate.ts';
import type { Observation, Timings, TlsFacts } from '../round/observation.ts';
import { loopWatch, now } from './clock.ts';
import { farewell } from './farewell.ts';
import { exchangeSettings } from './http2.ts';
import { LIMITS, type Limits } from './limits.ts';
import {
  dnsTiming,
  failedHttp2,
  failedTcp,
  failedTls,
  passed,
  type Reached,
  type Resolved,
  type Target,
} from './observe.ts';
import { dial, shortestRoundTrip } from './tcp.ts';
import { secure } from './tls.ts';

export type { Resolved, Target } from './observe.ts';

export interface AttemptOptions {
  /** Dial addresses that are not globally reachable too. */
  readonly allowPrivateAddresses: boolean;
  /** The whole climb ends within this many ms. Default 6000. */
  readonly deadlineMs?: number | undefined;
  /** Default: see LIMITS. */
  readonly limits?: Partial<Limits> | undefined;
  /** Authorities to trust besides the default ones, PEM each. Default: none. */
  readonly trust?: readonly string[] | undefined;
}

export interface Attempt {
  readonly observation: Observation;
  readonly certificate: CertificateFacts | null;
  readonly tls: TlsFacts | null;
}

export const mayDial = (
  address: string,
  { allowPrivateAddresses }: Pick<AttemptOptions, 'allowPrivateAddresses'>,
): boolean => mayBeDialled(address, allowPrivateAddresses);

/**
 * Climbs the ladder to one address: tcp, tls, http2, as far as the target asks for, and stops at the first rung that fails.
 * Knows no policy: no retries, no pacing, no controls. Never rejects for anything a peer or a network does; connections are
 * ended politely in the background.
 */
export async function attempt(target: Target, resolved: Resolved, options: AttemptOptions): Promise<Attempt> {
  if (!mayDial(resolved.address, options)) {
    const forbidden = { outcome: 'address_forbidden', reason: null, errno: null, synRetransmits: 0 } as const;
    return { observation: failedTcp(target, resolved, forbidden), certificate: null, tls: null };
  }
  const release = loopWatch.hold();
  try {
    return await climb(target, resolved, options);
  } finally {
    release();
  }
}

async function climb(target: Target, resolved: Resolved, options: AttemptOptions): Promise<Attempt> {
  const limits: Limits = { ...LIMITS, ...options.limits };
  const end = now() + (options.deadlineMs ?? limits.tryMs);
  const within = (stageMs: number): number => Math.min(stageMs, end - now());
  const done = (
    observation: Observation,
    certificate: CertificateFacts | null = null,
    tls: TlsFacts | null = null,
  ): Attempt => ({ observation, certificate, tls });

  const dialled = await dial(resolved.address, target.port, within(limits.connectMs));
  if (!dialled.ok) return done(failedTcp(target, resolved, { ...dialled, reason: null }));
  let reached: Reached = {
    tag: target.tag,
    at: resolved.at,
    address: resolved.address,
    tcpClock: dialled.clock,
    synRetransmits: dialled.synRetransmits,
    ...shortestRoundTrip(dialled.socket),
    tainted: dialled.clock === 'loop' ? taint('tcp', dialled) : [],
    certificate: null,
    timings: { ...dnsTiming(resolved), tcpMs: dialled.ms },
  };
  if (target.handshake === 'tcp') {
    farewell(dialled.socket, limits.stageBytes);
    return done(passed(reached, 'tcp'));
  }

  const secured = await secure(dialled.socket, {
    host: target.host,
    serverName: target.serverName,
    certificate: target.certificate,
    trust: options.trust ?? [],
    withinMs: within(limits.tlsMs),
    last: target.handshake === 'tls',
    rttMs: dialled.ms,
    stageBytes: limits.stageBytes,
    sessionBytes: limits.sessionBytes,
  });
  const { certificate, tls } = secured;
  reached = { ...reached, certificate: certificate?.sha256 ?? null };
  if (!secured.ok) {
    if (secured.socket) farewell(secured.socket, limits.stageBytes);
    return done(failedTls(reached, secured, secured.bytesReceived, tls), certificate, tls);
  }
  const withoutTls = reached;
  reached = finishing(reached, dialled.socket, 'tls', { tlsMs: secured.ms }, secured);
  const { socket } = secured;
  if (target.handshake === 'tls') {
    farewell(socket, limits.stageBytes);
    return done(passed(reached, 'tls'), certificate, tls);
  }

  if (tls.alpn !== 'h2') {
    farewell(socket, limits.stageBytes);
    const mismatch = { outcome: 'alpn_mismatch', reason: tls.alpn, errno: null } as const;
    return done(failedHttp2(reached, mismatch, 0, tls), certificate, tls);
  }
  const settled = await exchangeSettings(socket, within(limits.http2Ms), limits.sessionBytes);
  if (settled.ok) {
    farewell(socket, limits.stageBytes, settled.goodbye);
    reached = finishing(reached, dialled.socket, 'http2', { http2Ms: settled.ms }, settled);
    return done(passed(reached, 'http2'), certificate, tls);
  }
  socket.destroy();
  const { failure, bytesReceived } = settled;
  const observation =
    failure.stage === 'tls'
      ? failedTls(withoutTls, failure, bytesReceived, tls)
      : failedHttp2(reached, failure, bytesReceived, tls);
  return done(observation, certificate, tls);
}

interface Phase {
  readonly from: number;
  readonly to: number;
}

const taint = (stage: Stage, { from, to }: Phase): readonly Stage[] =>
  loopWatch.spoils(from, to) ? [stage] : [];

const finishing = (
  reached: Reached,
  dialled: Socket,
  stage: Stage,
  timings: Timings,
  phase: Phase,
): Reached => ({
  ...reached,
  ...shortestRoundTrip(dialled),
  timings: { ...reached.timings, ...timings },
  tainted: [...reached.tainted, ...taint(stage, phase)],
});
