import type * as z from 'zod/mini';
import { AT as at, blocked, certificate, listening, SINCE as since } from './example-reports.ts';
import { ON_CALL_EXAMPLES } from './examples-on-call.ts';
import type { SCHEMAS, SchemaName } from './schemas.ts';

export type Example<N extends SchemaName> = z.input<(typeof SCHEMAS)[N]>;
export type Examples<N extends SchemaName> = { readonly [K in N]: Example<K> };

const endpoint = {
  host: 'shop.example.com',
  port: 443,
  handshake: 'http2',
  name: 'Shop',
  intervalSeconds: 60,
  alertAfterSeconds: 30,
  regions: 'all',
  addressFamily: 'ipv4',
  serverName: 'shop.example.com',
  certificate: 'verify',
  tags: ['prod'],
  enabled: true,
  team: 'web',
  id: 'shop',
  createdAt: '2026-11-01T09:00:00.000Z',
  updatedAt: '2026-11-01T09:00:00.000Z',
  watchedSince: '2026-11-01T09:00:00.000Z',
  revision: 1,
} satisfies Example<'Endpoint'>;

const verdict = {
  rule: 'blocked_from_some',
  kind: 'partial',
  severity: 'P2',
  since,
  settlesAt: null,
} satisfies Example<'Verdict'>;

const incident = {
  id: 'shop-mi6wq3mg',
  endpoint: 'shop',
  region: null,
  team: 'web',
  rule: 'blocked_from_some',
  kind: 'partial',
  severity: 'P2',
  since,
  openedAt: '2026-11-20T03:12:20.000Z',
  toldAt: '2026-11-20T03:12:36.000Z',
  endedAt: null,
  end: null,
  untold: false,
  failingRegions: ['eu-west-1'],
  failedRegions: ['eu-west-1'],
  flapping: false,
  settlesAt: null,
  groupedBy: null,
  cause: null,
  acknowledged: { by: 'ada', note: 'asking the network team', at: '2026-11-20T03:15:00.000Z', until: null },
  timeToConfirmMs: 14_880,
  timeToTellMs: 30_880,
  timeToAcknowledgeMs: 174_880,
  timeToResolveMs: null,
} satisfies Example<'Incident'>;

const CHECKLIST = 'WAF, bot, geo or fail2ban rule against AWS addresses? Search its log for 198.51.100.24';

const stage = { count: 58, medianMs: 23.1, p95Ms: 24, tainted: 0, synRetransmitted: 1 };
const none = { count: 0, meanMs: null, medianMs: null };
const { id, name, host, port, handshake, tags, team } = endpoint;

/** One for every body that is sent or answered: the shop that is blocked from one of two regions. */
export const EXAMPLES = {
  EndpointInput: { host, port, handshake, name, team, tags },
  EndpointPatch: { intervalSeconds: 30, runbookUrl: null },
  Endpoint: endpoint,
  EndpointPage: { items: [endpoint], next: null },
  Deletion: { id, deletedAt: at },
  Status: {
    endpoint,
    verdict,
    incident,
    regions: [blocked, listening],
    certificates: [certificate],
    checklist: [CHECKLIST],
    mute: null,
    quiet: null,
  },
  StatusPage: {
    items: [
      {
        endpoint: { id, name, host, port, handshake, tags, team },
        verdict,
        regions: [blocked, listening],
        mute: null,
        quiet: null,
      },
    ],
    next: null,
  },
  TimingPage: {
    items: [
      {
        region: 'us-east-1',
        at,
        stage: 'http2',
        outcome: 'ok',
        evidence: 'listening',
        reason: null,
        timings: listening.timings,
        address: '203.0.113.7',
        tcpClock: 'kernel',
        tainted: [],
        synRetransmits: 0,
        minRttMs: 22.9,
        maintenance: false,
      },
    ],
    next: null,
  },
  TimingSummary: {
    from: '2026-11-20T02:12:20.640Z',
    to: at,
    complete: true,
    regions: [
      {
        region: 'us-east-1',
        tries: 60,
        passed: 59,
        tcpClock: { kernel: 59, loop: 1 },
        minRttMs: 22.9,
        dns: { ...stage, medianMs: 1.1, p95Ms: 1.6, synRetransmitted: 0 },
        tcp: stage,
        tls: { ...stage, medianMs: 25, p95Ms: 26.2, synRetransmitted: 0 },
        http2: { ...stage, medianMs: 23.4, p95Ms: 24.9, synRetransmitted: 0 },
        maintenance: 0,
      },
    ],
  },
  IncidentPage: { items: [incident], next: null },
  IncidentSummary: {
    from: '2026-10-21T03:12:20.640Z',
    to: at,
    incidents: 1,
    open: 1,
    untold: 0,
    complete: true,
    timeToConfirm: { count: 1, meanMs: 14_880, medianMs: 14_880 },
    timeToTell: { count: 1, meanMs: 30_880, medianMs: 30_880 },
    timeToAcknowledge: { count: 1, meanMs: 174_880, medianMs: 174_880 },
    timeToResolve: none,
  },
  CheckInput: { host, port, handshake },
  Check: {
    id: '01JD4T1Z9C7Q',
    at: since,
    complete: true,
    endpoint: null,
    target: { host, port, handshake, addressFamily: 'ipv4', serverName: host, certificate: 'verify' },
    rule: 'blocked_from_some',
    regions: [
      { ...blocked, answer: 'answered' },
      { ...listening, answer: 'answered' },
    ],
    certificates: [certificate],
    checklist: [CHECKLIST],
  },
  RegionPage: {
    items: [
      {
        region: 'us-east-1',
        notedAt: at,
        newestRoundAt: at,
        health: { healthy: true, since: '2026-11-01T09:00:00.000Z', at },
        controls: { healthy: true, passed: 4, tried: 4, syns: 4, lost: 0, at },
        sourceAddresses: [{ address: '198.51.100.80', at }],
        tcpClock: 'kernel',
        clockCheck: { trouble: null, kernelMs: 0.006, loopMs: 0.31 },
        incident: null,
      },
    ],
    next: null,
  },
  ...ON_CALL_EXAMPLES,
} satisfies Partial<Examples<SchemaName>>;
