import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { RoundEvent } from '../../lib/local/event.ts';
import type { RegionReport } from '../../lib/verdict/region-state.ts';
import type { Lab } from './lab.ts';
import { REGIONS } from './scenario.ts';
import { until } from './shell.ts';

/** The json alert as a receiver that knows only the documented shape reads it. */
export interface ReceivedAlert {
  readonly receivedAt: number;
  readonly alert: {
    readonly event: string;
    readonly kind: string;
    readonly rule: string;
    readonly summary: string;
    readonly since: string;
    readonly dedupKey: string;
    /** null: the alert is about a region. */
    readonly endpoint: { readonly id: string } | null;
    readonly region: string | null;
    readonly failingRegions: readonly string[];
    readonly listeningRegions: readonly string[];
    readonly unknownRegions: readonly string[];
    readonly regions: readonly RegionReport[];
  };
}

/** What `GET /endpoints/{id}/status` says, as far as it is looked at here. */
export interface SeenStatus {
  readonly endpoint: { readonly id: string };
  readonly verdict: { readonly rule: string; readonly kind: string | null };
  readonly regions: readonly RegionReport[];
}

/** What `GET /regions` says of one, as far as it is looked at here. */
export interface SeenRegion {
  readonly region: string;
  readonly controls: { readonly healthy: boolean; readonly passed: number; readonly tried: number } | null;
}

/** What `GET /endpoints/{id}/incidents` says of one, as far as it is looked at here. */
export interface SeenIncident {
  readonly timeToConfirmMs: number;
}

export interface Deployment {
  /** What the webhook got, oldest first. */
  readonly received: ReceivedAlert[];
  /** What the regions have tried, in the order in which it was seen. */
  readonly rounds: readonly RoundEvent[];
  put(id: string, endpoint: object): Promise<void>;
  status(id: string): Promise<SeenStatus>;
  /** Of every endpoint (200 at most), by id. */
  statuses(): Promise<ReadonlyMap<string, SeenStatus>>;
  /** Of one endpoint, newest first. */
  incidents(id: string): Promise<readonly SeenIncident[]>;
  regions(): Promise<readonly SeenRegion[]>;
  /** Waits for the first alert that fits. */
  alert(fits: (alert: ReceivedAlert['alert']) => boolean): Promise<ReceivedAlert>;
  close(): Promise<void>;
}

/** A whole local deployment whose regions probe from the namespaces of a lab. */
export async function deploy(lab: Lab): Promise<Deployment> {
  const { gateway } = lab.world;
  const received: ReceivedAlert[] = [];
  const webhook = createHttpServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      response.end();
      const envelope = JSON.parse(Buffer.concat(parts).toString('utf8'));
      if (!String(envelope.TopicArn).endsWith('-json')) return;
      received.push({ receivedAt: Date.now(), alert: JSON.parse(envelope.Message) });
    });
  });
  await once(webhook.listen(0, '127.0.0.1'), 'listening');
  const { port } = webhook.address() as AddressInfo;
  const child = spawn(
    process.execPath,
    [
      'bin/parallax.js',
      'local',
      '--json',
      '--no-demo',
      ...['--port', '0', '--listen', gateway, '--regions', REGIONS.join(','), '--home', REGIONS[0]],
      ...REGIONS.flatMap((region) => ['--run-in', `${region}=${lab.regions[region].prefix}`]),
      ...REGIONS.flatMap((region) => ['--resolver', `${region}=${lab.names[region].resolver}`]),
      ...lab.controls.flatMap((control) => ['--control', control]),
      ...['--webhook', `http://127.0.0.1:${port}/`],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_EXTRA_CA_CERTS: lab.authorityFile } },
  );
  const rounds: RoundEvent[] = [];
  let api = '';
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const event = JSON.parse(line);
    if (event.event === 'ready') api = event.api;
    if (event.event === 'round') rounds.push(event);
  });
  await until('the deployment is ready', () => {
    if (child.exitCode !== null) throw new Error(`parallax local ended with ${child.exitCode}`);
    return api !== '';
  });

  const call = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(`${api}${path}`, init);
    const body = await response.json();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(body)}`);
    return body;
  };
  return {
    received,
    rounds,
    put: async (id, endpoint) => {
      const headers = { 'content-type': 'application/json' };
      await call(`/endpoints/${id}`, { method: 'PUT', headers, body: JSON.stringify(endpoint) });
    },
    status: async (id) => (await call(`/endpoints/${id}/status`)) as SeenStatus,
    statuses: async () => {
      const { items } = (await call('/status?limit=200')) as { readonly items: readonly SeenStatus[] };
      return new Map(items.map((status) => [status.endpoint.id, status]));
    },
    incidents: async (id) =>
      ((await call(`/endpoints/${id}/incidents`)) as { readonly items: readonly SeenIncident[] }).items,
    regions: async () => ((await call('/regions')) as { readonly items: readonly SeenRegion[] }).items,
    alert: async (fits) => {
      const find = (): ReceivedAlert | undefined => received.find(({ alert }) => fits(alert));
      await until('the alert arrives', () => find() !== undefined, 90_000);
      const found = find();
      if (!found) throw new Error('unreachable');
      return found;
    },
    close: async () => {
      const gone = child.exitCode === null ? once(child, 'exit') : null;
      child.kill('SIGINT');
      await gone;
      webhook.close();
    },
  };
}
