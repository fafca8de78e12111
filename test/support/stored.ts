import type { Endpoint } from '../../lib/endpoint/endpoint.ts';
import { tagOf } from '../../lib/endpoint/tag.ts';
import type { EndpointState, Incident } from '../../lib/incident/state.ts';
import type { Failing, Passing } from '../../lib/round/observation.ts';
import { getEndpoint } from '../../lib/store/endpoint.ts';
import { putRound } from '../../lib/store/round.ts';
import type { TestApi } from './api.ts';

export const LEAST = { host: 'shop.example.com', port: 443, handshake: 'tls' };

export async function register(api: TestApi, id: string, settings: object = {}): Promise<Endpoint> {
  await api.call('PUT', `/endpoints/${id}`, { ...LEAST, ...settings });
  const endpoint = await getEndpoint(api.table, id);
  if (!endpoint) throw new Error(`${id} is not there`);
  return endpoint;
}

export const passing = (tag: number, at: number): Passing => ({
  tag,
  at,
  passed: true,
  stage: 'tls',
  address: '198.51.100.7',
  tcpClock: 'kernel',
  synRetransmits: 0,
  tainted: ['tls'],
  certificate: null,
  timings: { dnsMs: 1, tcpMs: 20, tlsMs: 25 },
});

export const unresolved = (tag: number, at: number): Failing => ({
  tag,
  at,
  passed: false,
  stage: 'dns',
  outcome: 'nxdomain',
  evidence: 'unresolved',
  reason: null,
  errno: 'ENOTFOUND',
  bytesReceived: 0,
  sourceAddress: null,
  timings: {},
});

export const second = (ms: number): number => Math.floor(ms / 1000);

/** One slot a minute, the newest `now`. */
export async function putRounds(
  api: TestApi,
  endpoint: Endpoint,
  region: string,
  times: readonly number[],
  changes: Partial<Passing> = {},
): Promise<void> {
  const tag = tagOf(endpoint);
  for (const at of times) {
    const observations = [{ ...passing(tag, at), ...changes }, passing(tag + 1, at)];
    await putRound(api.table, {
      cohort: endpoint.cohort,
      region,
      cause: { kind: 'slot', slot: second(at) },
      observations,
    });
  }
}

export const incidentOf = (id: string, openedAt: number, changes: Partial<Incident> = {}): Incident => ({
  id,
  kind: 'partial',
  rule: 'blocked_from_some',
  severity: 'P2',
  since: openedAt - 10_000,
  openedAt,
  toldAt: openedAt,
  sequence: 1,
  told: null,
  acknowledged: null,
  acknowledgedAt: null,
  grouped: null,
  failingRegions: ['eu-west-1'],
  failedRegions: ['eu-west-1'],
  team: null,
  flapping: false,
  heldSince: openedAt,
  freshSince: openedAt,
  narrowingSince: null,
  recall: null,
  endedAt: openedAt + 60_000,
  end: 'recovered',
  ...changes,
});

export const stateOf = (endpoint: Endpoint, incident: Incident | null): EndpointState => ({
  endpointId: endpoint.id,
  tag: tagOf(endpoint),
  watchedSince: endpoint.watchedSince,
  version: 1,
  regions: {},
  provenAt: null,
  suspicion: null,
  wavedAt: null,
  silentSince: null,
  incident,
  openings: [],
  outbox: [],
  uncopied: [],
});
