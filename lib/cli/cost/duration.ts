import type { Handshake } from '../../outcome/outcome.ts';
import { LIMITS } from '../../probe/limits.ts';

/** What each function is given, as in the stacks; a test compares. 1,769 MB are one processor ("Memory", Lambda developer guide). */
export const MEMORY_MB = { dispatch: 256, probe: 256, judge: 512, watchdog: 256 } as const;
const ONE_CORE_MB = 1769;

/**
 * A core's time, in ms. Measured with `npm run bench -- share` on the machine of docs/performance.md: of a group of 512, at the share of a core that
 * Lambda gives to 256 and 512 MB. What a core of Lambda's does was not measured.
 */
export const CORE_MS = {
  tcp: 0.19,
  tls: 1.0,
  http2: 1.1,
  /** A request to AWS by the SDK, its answer read. */
  request: 1,
} as const;

/** Not measured, for it depends on where what is watched stands: ms. */
export const ASSUMED_MS = {
  /** A resolver that has to ask. */
  resolver: 50,
  /** Round trip to the farthest endpoint of a group. */
  endpointRtt: 200,
  /** From a region to home and back. */
  homeRtt: 120,
  /** Within a region, the service's own time included; and what Lambda takes around a call. */
  nearRtt: 10,
  invocation: 10,
} as const;

/** Round trips until a stage has ended: SYN; TLS 1.3 (RFC 8446 section 2); SETTINGS and their acknowledgement. */
const ROUND_TRIPS: Readonly<Record<Handshake, number>> = { tcp: 1, tls: 2, http2: 3 };

const share = (memoryMb: number): number => memoryMb / ONE_CORE_MB;

/**
 * How long one invocation of the prober lasts, in seconds: names, then starts as fast as its share of a core can, then the last one's round trips or,
 * if that is later, the end of a silent one (they start first, and each is given up after the connect's limit), then two round trips home: the
 * rounds; then what is known to fail and its note.
 */
export function probeSeconds(group: {
  readonly handshake: Handshake;
  readonly endpoints: number;
  /** Of those: how many are silent. */
  readonly silent: number;
  readonly cohorts: number;
  readonly atHome: boolean;
}): number {
  const { handshake, endpoints, silent, cohorts, atHome } = group;
  const core = share(MEMORY_MB.probe);
  const startsMs = ((endpoints - silent) * CORE_MS[handshake] + silent * CORE_MS.tcp) / core;
  const answeredMs = startsMs + ROUND_TRIPS[handshake] * ASSUMED_MS.endpointRtt;
  const silentMs = silent > 0 ? (silent * CORE_MS.tcp) / core + LIMITS.connectMs : 0;
  const reportMs = 2 * rtt(atHome) + ((cohorts + 2) * CORE_MS.request) / core;
  const ms = ASSUMED_MS.invocation + ASSUMED_MS.resolver + Math.max(answeredMs, silentMs) + reportMs;
  return ms / 1000;
}

/** One that tries again, or is asked by the judge: one endpoint, silent. */
export function retrySeconds(atHome: boolean): number {
  return probeSeconds({ handshake: 'tcp', endpoints: 1, silent: 1, cohorts: 1, atHome });
}

/** A function that asks AWS a few things, `steps` one after the other. Seconds. */
export function askingSeconds(
  name: 'dispatch' | 'judge' | 'watchdog',
  options: { readonly steps: number; readonly requests: number; readonly atHome: boolean },
): number {
  const { steps, requests, atHome } = options;
  const core = share(MEMORY_MB[name]);
  return (ASSUMED_MS.invocation + steps * rtt(atHome) + (requests * CORE_MS.request) / core) / 1000;
}

const rtt = (atHome: boolean): number => (atHome ? ASSUMED_MS.nearRtt : ASSUMED_MS.homeRtt);
