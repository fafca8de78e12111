import { cohortName } from '../../lib/endpoint/cohort.ts';
import type { Endpoint } from '../../lib/endpoint/endpoint.ts';
import { tagOf } from '../../lib/endpoint/tag.ts';
import type { Failing, Observation, Passing } from '../../lib/round/observation.ts';

/** When every world begins. */
export const START = Date.UTC(2026, 10, 20, 3, 0, 0);

/** How a try ends, as far as judging goes. */
export type Fate =
  | 'pass'
  | 'refused'
  | 'filtered'
  | 'interfered'
  | 'stalled'
  | 'listening'
  | 'unresolved'
  | 'unanswered'
  | 'inconclusive';

export function shop(overrides: Partial<Endpoint> = {}): Endpoint {
  const intervalSeconds = overrides.intervalSeconds ?? 60;
  return {
    id: 'shop',
    host: 'shop.example.com',
    port: 443,
    handshake: 'tcp',
    name: 'Shop',
    intervalSeconds,
    alertAfterSeconds: 30,
    regions: 'all',
    addressFamily: 'ipv4',
    certificate: 'verify',
    tags: [],
    enabled: true,
    cohort: cohortName(intervalSeconds, 0),
    createdAt: new Date(START).toISOString(),
    updatedAt: new Date(START).toISOString(),
    watchedSince: new Date(START).toISOString(),
    revision: 1,
    ...overrides,
  };
}

/** The tag of the endpoint at a time; each endpoint's is computed once. */
export function tagsOf(endpointAt: (atMs: number) => Endpoint): (atMs: number) => number {
  const tags = new WeakMap<Endpoint, number>();
  return (atMs) => {
    const endpoint = endpointAt(atMs);
    const tag = tags.get(endpoint) ?? tagOf(endpoint);
    tags.set(endpoint, tag);
    return tag;
  };
}

/** How long a try takes; a silent port costs the whole connect timeout. */
export function tookMs(fate: Fate): number {
  switch (fate) {
    case 'filtered':
      return 4_500;
    case 'unanswered':
    case 'unresolved':
      return 4_000;
    case 'stalled':
      return 5_040;
    case 'interfered':
    case 'inconclusive':
    case 'listening':
    case 'pass':
    case 'refused':
      return 40;
  }
}

export interface Tried {
  readonly tag: number;
  readonly at: number;
  readonly address: string;
}

/** The observation of a try. */
export function tried(fate: Fate, { tag, at, address }: Tried): Observation {
  return fate === 'pass' ? passing({ tag, at, address }) : failing(fate, { tag, at, address });
}

const atAddress = { tcpClock: 'kernel', synRetransmits: 0, tainted: [], certificate: null } as const;
const failure = { passed: false, reason: null, errno: null, bytesReceived: 0, sourceAddress: null } as const;

function passing(at: Tried): Passing {
  return { ...at, ...atAddress, passed: true, stage: 'tcp', timings: { dnsMs: 1, tcpMs: 20 } };
}

function failing(fate: Exclude<Fate, 'pass'>, { tag, at, address }: Tried): Failing {
  const tls = { version: null, cipher: null, alpn: null };
  const timings = { dnsMs: 1, tcpMs: 20 };
  const tcp = { tag, at, address, ...atAddress, ...failure, stage: 'tcp', timings: { dnsMs: 1 } } as const;
  switch (fate) {
    case 'refused':
      return { ...tcp, outcome: 'refused', evidence: 'refused', errno: 'ECONNREFUSED' };
    case 'filtered':
      return { ...tcp, outcome: 'timeout', evidence: 'filtered' };
    case 'inconclusive':
      return { ...tcp, outcome: 'timeout', evidence: 'inconclusive', reason: 'region_unhealthy' };
    case 'interfered':
      return { ...tcp, stage: 'tls', outcome: 'reset', evidence: 'interfered', timings, tls };
    case 'stalled':
      return { ...tcp, stage: 'tls', outcome: 'timeout', evidence: 'interfered', timings, tls };
    case 'listening':
      return { ...tcp, stage: 'tls', outcome: 'bad_certificate', evidence: 'listening', timings, tls };
    case 'unanswered':
      return { tag, at, ...failure, stage: 'dns', outcome: 'timeout', evidence: 'unresolved', timings: {} };
    case 'unresolved':
      return { tag, at, ...failure, stage: 'dns', outcome: 'nxdomain', evidence: 'unresolved', timings: {} };
  }
}
