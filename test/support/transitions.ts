import type { Transition } from '../../lib/incident/state.ts';
import type { RegionReport } from '../../lib/verdict/region-state.ts';
import { type Kind, type Rule, SEVERITY_OF } from '../../lib/verdict/verdict.ts';

/** When the scenarios' incidents begin. */
export const SINCE = Date.UTC(2026, 10, 20, 3, 12, 5);
const text = (ms: number): string => new Date(ms).toISOString();

export const ADDRESS = '203.0.113.7';
export const DEPLOYMENT = {
  name: 'prod',
  account: '123456789012',
  homeRegion: 'eu-central-1',
  command: 'npm run parallax --',
  controls: ['1.1.1.1:443', '8.8.8.8:443', '[2620:fe::fe]:443'],
} as const;

/** What a report has that nothing is known for. */
export const NO_REPORT = {
  conclusiveAt: null,
  evidence: null,
  stage: null,
  outcome: null,
  reason: null,
  errno: null,
  address: null,
  sourceAddress: null,
  bytesReceived: null,
  tls: null,
  certificate: null,
  elsewhere: null,
  tries: 0,
  tcpClock: null,
  tainted: [],
  synRetransmits: 0,
  timings: {},
} as const;

export function listening(region: string, tcpMs: number, over: Partial<RegionReport> = {}): RegionReport {
  return {
    ...NO_REPORT,
    region,
    state: 'passing',
    since: text(SINCE - 86_400_000),
    at: text(SINCE + 8_000),
    conclusiveAt: text(SINCE + 8_000),
    evidence: 'listening',
    stage: 'http2',
    outcome: 'ok',
    address: ADDRESS,
    tries: 1440,
    tcpClock: 'kernel',
    timings: { dnsMs: 1.2, tcpMs, tlsMs: tcpMs + 1.9, http2Ms: tcpMs + 0.3 },
    ...over,
  };
}

export function failing(region: string, over: Partial<RegionReport> = {}): RegionReport {
  return {
    ...NO_REPORT,
    region,
    state: 'failing',
    since: text(SINCE),
    at: text(SINCE + 25_000),
    conclusiveAt: text(SINCE + 25_000),
    evidence: 'filtered',
    stage: 'tcp',
    outcome: 'timeout',
    address: ADDRESS,
    sourceAddress: '3.250.1.2',
    tries: 4,
    tcpClock: 'kernel',
    timings: { dnsMs: 1.2 },
    ...over,
  };
}

export function silent(region: string, over: Partial<RegionReport> = {}): RegionReport {
  const at = text(Date.UTC(2026, 10, 20, 2, 58));
  return { ...NO_REPORT, region, state: 'unknown', since: at, at, conclusiveAt: at, ...over };
}

export const FORBIDDEN = {
  at: text(SINCE + 8_000),
  evidence: 'inconclusive',
  stage: 'tcp',
  outcome: 'address_forbidden',
} as const;

export const REFUSED = {
  evidence: 'refused',
  stage: 'tcp',
  outcome: 'refused',
  errno: 'ECONNREFUSED',
} as const;
export const NXDOMAIN = {
  evidence: 'unresolved',
  stage: 'dns',
  outcome: 'nxdomain',
  errno: 'ENOTFOUND',
  address: null,
  timings: {},
} as const;
export const EXPIRED = {
  evidence: 'listening',
  stage: 'tls',
  outcome: 'bad_certificate',
  reason: 'expired',
  errno: 'CERT_HAS_EXPIRED',
  timings: { dnsMs: 1.2, tcpMs: 23.1 },
} as const;
const DIFFERENT = {
  ...EXPIRED,
  reason: 'unknown_authority',
  errno: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
} as const;
export const RESET = { evidence: 'interfered', stage: 'tls', outcome: 'reset', errno: 'ECONNRESET' } as const;

export const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2', 'ap-southeast-2', 'sa-east-1'];
const OTHERS = REGIONS.slice(1);
const MS = [12.8, 23.1, 88.4, 141.0, 263.9, 192.2];
export const allListening = REGIONS.map((region, index) => listening(region, MS[index] ?? 0));
const rest = allListening.slice(1);
export const everywhere = (over: Partial<RegionReport>): RegionReport[] =>
  REGIONS.map((region, index) => failing(region, { sourceAddress: `3.250.1.${index + 2}`, ...over }));

interface World {
  readonly kind: Kind;
  readonly regions: readonly RegionReport[];
}

/** What the regions say under each rule. */
export const WORLDS: Readonly<Record<Rule, World>> = {
  not_watched: { kind: 'not_watched', regions: REGIONS.map((region) => silent(region)) },
  unproven: { kind: 'unproven', regions: everywhere(REFUSED) },
  failing_where_seen: {
    kind: 'failing_where_seen',
    regions: [failing('eu-west-1'), ...OTHERS.map((region) => silent(region))],
  },
  blocked_from_some: { kind: 'partial', regions: [failing('eu-west-1'), ...rest] },
  refused_from_some: { kind: 'partial', regions: [failing('eu-west-1', REFUSED), ...rest] },
  dead_address_from_some: {
    kind: 'partial',
    regions: [
      failing('eu-west-1', { address: '203.0.113.9' }),
      failing('eu-central-1', { address: '203.0.113.9', sourceAddress: null }),
      ...rest.slice(1),
    ],
  },
  unresolved_from_some: { kind: 'partial', regions: [failing('eu-west-1', NXDOMAIN), ...rest] },
  handshake_differs: { kind: 'partial', regions: [failing('eu-west-1', DIFFERENT), ...rest] },
  not_listening: { kind: 'down', regions: everywhere(REFUSED) },
  unreachable_everywhere: { kind: 'down', regions: everywhere({}) },
  unresolved_everywhere: { kind: 'down', regions: everywhere(NXDOMAIN) },
  handshake_fails_everywhere: { kind: 'down', regions: everywhere(EXPIRED) },
  fails_everywhere_mixed: {
    kind: 'down',
    regions: everywhere({}).map((report, index) => (index < 2 ? { ...report, ...REFUSED } : report)),
  },
  reachable: { kind: 'partial', regions: allListening },
};

const named = (regions: readonly RegionReport[], ...states: readonly RegionReport['state'][]): string[] =>
  regions.filter((report) => states.includes(report.state)).map((report) => report.region);

/** The trigger of a rule's world after 31 s; with `over` any other transition. */
export function transitionOf(rule: Rule, over: Partial<Transition> = {}): Transition {
  const { kind, regions: world } = WORLDS[rule];
  const regions = over.regions ?? world;
  return {
    event: 'trigger',
    dedupKey: 'shop-mi6wq3mg',
    sequence: 1,
    kind,
    rule,
    severity: SEVERITY_OF[kind],
    since: SINCE,
    at: SINCE + 31_000,
    endedAt: null,
    flapping: false,
    acknowledged: null,
    reminder: false,
    end: null,
    endpoint: {
      id: 'shop',
      name: 'Shop',
      host: 'shop.example.com',
      port: 443,
      handshake: 'http2',
      serverName: 'shop.example.com',
      team: 'web',
    },
    runbookUrl: 'https://wiki.example.com/shop',
    before: null,
    listeningRegions: named(regions, 'passing'),
    failingRegions: named(regions, 'failing', 'recovering'),
    unknownRegions: named(regions, 'unknown'),
    regions,
    ...over,
  };
}

/** One region more where some listen; where all fail, one that was blocked. */
function beforeUpdate({
  kind,
  rule,
  severity,
  failingRegions,
  listeningRegions,
}: Transition): Transition['before'] {
  switch (kind) {
    case 'partial':
      return {
        kind,
        rule,
        severity,
        failing: [...failingRegions, ...listeningRegions.slice(-1)],
        flapping: false,
      };
    case 'down':
      return {
        kind: 'partial',
        rule: 'blocked_from_some',
        severity: 'P2',
        failing: failingRegions.slice(0, 1),
        flapping: false,
      };
    case 'failing_where_seen':
    case 'not_watched':
    case 'unproven':
      return { kind, rule, severity, failing: failingRegions, flapping: false };
  }
}

/** Every event of a rule, in the order of an incident's life. */
export function lifeOf(rule: Rule): Transition[] {
  const first = transitionOf(rule);
  const later = (seconds: number, over: Partial<Transition>): Transition => ({
    ...first,
    at: SINCE + seconds * 1000,
    ...over,
  });
  const { kind, severity, failingRegions } = first;
  const told = { kind, rule, severity, failing: failingRegions, flapping: false };
  return [
    first,
    later(95, { event: 'update', sequence: 2, before: beforeUpdate(first) }),
    later(200, {
      event: 'acknowledge',
      sequence: 3,
      before: told,
      acknowledged: {
        by: 'ada',
        note: 'asking the network team',
        at: SINCE + 200_000,
        until: SINCE + 3_600_000,
      },
    }),
    later(420, {
      event: 'resolve',
      sequence: 4,
      before: told,
      end: 'recovered',
      regions: allListening,
      listeningRegions: REGIONS,
      failingRegions: [],
      unknownRegions: [],
    }),
  ];
}

/** What a failing region sees at the address that the others reach. */
export function triedElsewhere(outcome: 'ok' | 'timeout'): RegionReport['elsewhere'] {
  const at = text(SINCE + 12_000);
  return outcome === 'ok'
    ? { address: ADDRESS, at, evidence: 'listening', stage: null, outcome }
    : { address: ADDRESS, at, evidence: 'filtered', stage: 'tcp', outcome };
}
