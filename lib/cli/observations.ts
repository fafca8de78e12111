import { once } from 'node:events';
import { type ApiClient, allOf, bodyOf, connect, type Schemas } from './api-client.ts';
import { ofEndpoint } from './known.ts';
import type { WrittenApi } from './options.ts';
import { timeIn } from './time.ts';
import { type Wording, worded } from './wording.ts';

export interface WrittenObservations extends WrittenApi {
  readonly region?: string;
  readonly from: string;
  readonly to?: string;
}

type Endpoint = Schemas['Endpoint'];
type Timing = Schemas['Timing'];

/** A port may listen and the handshake fail all the same. */
function eventOutcome({ outcome, evidence }: Timing): 'success' | 'failure' | 'unknown' {
  if (outcome === 'ok') return 'success';
  return evidence === 'inconclusive' ? 'unknown' : 'failure';
}

const NANOSECONDS_A_MS = 1_000_000;

/**
 * One try as a log line: names of Elastic Common Schema 8 where it has one (`event.duration` in ns, `event.outcome` success, failure or
 * unknown), `status` as the evidence in capitals, and what only Parallax knows under `parallax.`.
 */
export function ecsOf(endpoint: Endpoint, timing: Timing): Readonly<Record<string, unknown>> {
  const { timings, evidence, address } = timing;
  const totalMs = Object.values(timings).reduce((sum, ms) => sum + ms, 0);
  return {
    '@timestamp': timing.at,
    'ecs.version': '8.17.0',
    'event.kind': 'event',
    'event.category': ['network'],
    'event.type': ['connection'],
    'event.dataset': 'parallax.observation',
    'event.outcome': eventOutcome(timing),
    'event.duration': Math.round(totalMs * NANOSECONDS_A_MS),
    status: evidence.toUpperCase(),
    'host.name': endpoint.host,
    'destination.domain': endpoint.host,
    ...(address === null ? {} : { 'destination.ip': address }),
    'destination.port': endpoint.port,
    'network.transport': 'tcp',
    'network.protocol': endpoint.handshake,
    'cloud.provider': 'aws',
    'cloud.region': timing.region,
    tags: endpoint.tags,
    'parallax.endpoint': endpoint.id,
    'parallax.stage': timing.stage,
    'parallax.outcome': timing.outcome,
    'parallax.reason': timing.reason,
    'parallax.timings': timings,
    'parallax.tcpClock': timing.tcpClock,
    'parallax.tainted': timing.tainted,
    'parallax.synRetransmits': timing.synRetransmits,
    'parallax.maintenance': timing.maintenance,
  };
}

/** Writes every try between two times, an endpoint after the other. Exit code 0. @throws UsageError, ApiRefusal */
export async function runObservations(id: string | null, options: WrittenObservations): Promise<number> {
  const from = timeIn('--from', options.from, 'back');
  const to = options.to === undefined ? undefined : timeIn('--to', options.to, 'back');
  const api = connect(options);
  const endpoints =
    id === null
      ? await allOf((next) => api.GET('/endpoints', { params: { query: { limit: 100, next } } }))
      : [await ofEndpoint(api, id, () => bodyOf(api.GET('/endpoints/{id}', { params: { path: { id } } })))];
  for (const endpoint of endpoints) {
    for await (const timing of timingsOf(api, endpoint.id, { region: options.region, from, to })) {
      const line = `${JSON.stringify(ecsOf(endpoint, timing))}\n`;
      if (!process.stdout.write(line)) await once(process.stdout, 'drain');
    }
  }
  return 0;
}

const WORDING: Wording = { region: '--region', from: '--from', to: '--to' };

async function* timingsOf(
  api: ApiClient,
  id: string,
  range: { readonly region: string | undefined; readonly from: string; readonly to: string | undefined },
): AsyncGenerator<Timing> {
  let next: string | undefined;
  do {
    const query = next === undefined ? { ...range, limit: 1000 } : { limit: 1000, next };
    const asking = bodyOf(api.GET('/endpoints/{id}/timings', { params: { path: { id }, query } }));
    const page = await worded(WORDING, asking);
    yield* page.items;
    next = page.next ?? undefined;
  } while (next !== undefined);
}
