import type { Endpoint } from '../../lib/endpoint/endpoint.ts';
import type { EndpointState, Incident } from '../../lib/incident/state.ts';
import type { FailedTcp, Passing } from '../../lib/round/observation.ts';
import type { Round } from '../../lib/round/round.ts';

/** A slot that is not long ago, so that nothing made for it has expired. */
export const SLOT = Math.floor(Date.now() / 60_000) * 60;
export const NOW = SLOT * 1000;

export function endpoint(id: string, changes: Partial<Endpoint> = {}): Endpoint {
  return {
    id,
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
    tags: ['web'],
    enabled: true,
    cohort: '60-0',
    createdAt: '2026-11-20T03:12:05.000Z',
    updatedAt: '2026-11-20T03:12:05.000Z',
    watchedSince: '2026-11-20T03:12:05.000Z',
    revision: 1,
    ...changes,
  };
}

export function incident(openedAt: number, changes: Partial<Incident> = {}): Incident {
  return {
    id: `shop-${openedAt}`,
    kind: 'partial',
    rule: 'blocked_from_some',
    severity: 'P2',
    since: openedAt - 5000,
    openedAt,
    toldAt: openedAt,
    sequence: 1,
    acknowledged: { by: 'ada', note: 'on it', at: openedAt, until: null },
    acknowledgedAt: openedAt,
    grouped: '["region","eu-west-1",null]',
    told: {
      kind: 'partial',
      rule: 'blocked_from_some',
      severity: 'P2',
      failing: ['eu-west-1'],
      at: openedAt,
    },
    failingRegions: ['eu-west-1'],
    failedRegions: ['eu-west-1'],
    team: 'web',
    flapping: false,
    heldSince: openedAt,
    freshSince: openedAt - 5000,
    narrowingSince: openedAt,
    recall: { id: 'r1', startedAt: openedAt, address: '203.0.113.7', askedAt: null },
    endedAt: null,
    end: null,
    ...changes,
  };
}

/** With something in every field, so that a field which is lost on the way is seen. */
export function state(
  endpointId: string,
  version: number,
  changes: Partial<EndpointState> = {},
): EndpointState {
  const newest = {
    at: NOW,
    evidence: 'filtered',
    stage: 'tcp',
    outcome: 'timeout',
    reason: null,
    errno: 'ETIMEDOUT',
    address: '203.0.113.7',
    sourceAddress: '198.51.100.9',
    bytesReceived: 7,
    tls: { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', alpn: null },
    certificate: 'ab'.repeat(32),
    tcpClock: 'kernel',
    tainted: ['tls'],
    synRetransmits: 2,
    timings: { dnsMs: 1.25 },
  } as const;
  const open = incident(NOW);
  return {
    endpointId,
    tag: 7,
    watchedSince: '2026-11-20T03:12:05.000Z',
    version,
    regions: {
      'eu-west-1': {
        state: 'failing',
        since: NOW,
        newestAt: NOW + 0.5,
        conclusiveAt: NOW,
        tries: 2,
        failingSince: NOW,
        failing: newest,
        elsewhere: newest,
        failedAt: { '203.0.113.8': NOW },
        passedAt: { '203.0.113.7': NOW, '2001:db8::1': NOW },
        newest,
      },
    },
    provenAt: NOW,
    suspicion: {
      id: 's1',
      startedAt: NOW,
      address: null,
      askedAt: null,
      heardAt: NOW,
      comparison: { address: '203.0.113.8', askedAt: null },
    },
    incident: null,
    wavedAt: NOW,
    silentSince: null,
    openings: [NOW],
    outbox: [
      {
        told: ['json'],
        transition: {
          event: 'trigger',
          before: {
            kind: 'partial',
            rule: 'blocked_from_some',
            severity: 'P2',
            failing: ['eu-west-1'],
            flapping: true,
          },
          dedupKey: open.id,
          sequence: 1,
          kind: open.kind,
          rule: open.rule,
          severity: open.severity,
          since: open.since,
          endedAt: null,
          at: NOW,
          flapping: false,
          acknowledged: { by: 'ada', note: null, at: NOW, until: NOW },
          reminder: true,
          end: null,
          endpoint: {
            id: endpointId,
            name: 'Shop',
            host: 'h',
            port: 1,
            handshake: 'tls',
            serverName: 'sni.example',
            team: null,
          },
          runbookUrl: null,
          listeningRegions: ['us-east-1'],
          failingRegions: ['eu-west-1'],
          unknownRegions: [],
          regions: [
            {
              region: 'eu-west-1',
              state: 'failing',
              since: '2026-11-20T03:12:05.000Z',
              at: null,
              conclusiveAt: new Date(NOW).toISOString(),
              evidence: 'filtered',
              stage: 'tcp',
              outcome: 'timeout',
              elsewhere: { address: 'a', at: 't', evidence: 'listening', stage: null, outcome: 'ok' },
              reason: null,
              bytesReceived: 0,
              tls: { version: null, cipher: null, alpn: 'h2' },
              certificate: null,
              errno: null,
              address: null,
              sourceAddress: null,
              tries: 2,
              tcpClock: null,
              tainted: [],
              synRetransmits: 0,
              timings: { dnsMs: 1.25 },
            },
          ],
        },
      },
    ],
    uncopied: [open],
    ...changes,
  };
}

export function passing(tag: number, changes: Partial<Passing> = {}): Passing {
  return {
    passed: true,
    tag,
    at: NOW + tag,
    stage: 'http2',
    address: `203.0.113.${tag % 256}`,
    tcpClock: 'kernel',
    synRetransmits: 0,
    tainted: [],
    certificate: 'ab12cd34',
    timings: { dnsMs: 1.25, tcpMs: 23.125, tlsMs: 25, http2Ms: 23.5 },
    ...changes,
  };
}

export function failing(tag: number): FailedTcp {
  return {
    passed: false,
    tag,
    at: NOW + tag,
    stage: 'tcp',
    outcome: 'timeout',
    evidence: 'filtered',
    reason: null,
    errno: 'ETIMEDOUT',
    bytesReceived: 0,
    sourceAddress: '198.51.100.9',
    address: '203.0.113.7',
    tcpClock: 'kernel',
    synRetransmits: 3,
    tainted: [],
    certificate: null,
    timings: { dnsMs: 1.3 },
  };
}

export function round(changes: Partial<Round> = {}): Round {
  return {
    cohort: '60-0',
    region: 'ap-southeast-2',
    cause: { kind: 'slot', slot: SLOT },
    observations: [passing(1), failing(2), passing(3)],
    ...changes,
  };
}
