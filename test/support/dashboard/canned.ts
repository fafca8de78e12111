import type { Page, Route } from 'playwright-core';
import type { components } from '../../../lib/deployment/api-types.ts';

type Schemas = components['schemas'];
type Item = Schemas['StatusPage']['items'][number];
type Report = Schemas['RegionReport'];

const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2', 'ap-southeast-2', 'sa-east-1'];
const TEAMS = ['web', 'payments', 'core'];
const PAGE = 200;

const at = (secondsAgo: number): string => new Date(Date.now() - secondsAgo * 1000).toISOString();

function report(region: string, state: Report['state'], ms: number): Report {
  const passes = state === 'passing';
  return {
    region,
    state,
    since: at(passes ? 86_400 : 95),
    at: at(12),
    conclusiveAt: at(12),
    evidence: passes ? 'listening' : 'filtered',
    stage: passes ? 'http2' : 'tcp',
    outcome: passes ? 'ok' : 'timeout',
    reason: null,
    errno: null,
    address: '203.0.113.7',
    sourceAddress: null,
    bytesReceived: null,
    tls: null,
    certificate: passes ? '4f1d0a77' : null,
    elsewhere: null,
    tries: passes ? 1440 : 4,
    tcpClock: 'kernel',
    tainted: [],
    synRetransmits: passes ? 0 : 2,
    timings: passes ? { dnsMs: 1.1, tcpMs: ms, tlsMs: ms * 1.1, http2Ms: ms } : { dnsMs: 1.1 },
  };
}

/** So many endpoints; one in 250 is blocked from one region. */
export function cannedStatuses(count: number): readonly Item[] {
  return Array.from({ length: count }, (_, number): Item => {
    const id = `service-${String(number).padStart(4, '0')}`;
    const blocked = number % 250 === 137 ? REGIONS[4] : null;
    return {
      endpoint: {
        id,
        name: id,
        host: `${id}.example.com`,
        port: 443,
        handshake: 'http2',
        tags: [number % 2 === 0 ? 'prod' : 'staging'],
        team: TEAMS[number % TEAMS.length] ?? 'web',
      },
      verdict: blocked
        ? { rule: 'blocked_from_some', kind: 'partial', severity: 'P2', since: at(95), settlesAt: null }
        : { rule: 'reachable', kind: null, severity: null, since: at(86_400), settlesAt: null },
      regions: REGIONS.map((region, position) =>
        report(region, region === blocked ? 'failing' : 'passing', 8 + position * 22 + (number % 7)),
      ),
      mute: null,
      quiet: null,
    };
  });
}

const json = (route: Route, body: unknown) =>
  route.fulfill({ contentType: 'application/json', body: JSON.stringify(body) });

/** Has a page get these from its API, in pages, and nothing else. */
export async function canned(page: Page, statuses: readonly Item[]): Promise<void> {
  await page.route('**/api/**', (route) => json(route, { items: [], next: null }));
  await page.route('**/api/status?*', (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('next') ?? 0);
    const next = from + PAGE < statuses.length ? String(from + PAGE) : null;
    return json(route, { items: statuses.slice(from, from + PAGE), next });
  });
}
