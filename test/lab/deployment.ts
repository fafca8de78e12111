import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RegionReport } from '../../lib/verdict/region-state.ts';
import { type Host, until, type World } from './world.ts';

/** The json alert as a receiver that knows only the documented shape reads it. */
export interface ReceivedAlert {
  readonly receivedAt: number;
  readonly alert: {
    readonly event: string;
    readonly kind: string;
    readonly since: string;
    readonly dedupKey: string;
    readonly failingRegions: readonly string[];
    readonly listeningRegions: readonly string[];
    readonly regions: readonly RegionReport[];
  };
}

export interface Deployment {
  /** What the webhook got, oldest first. */
  readonly received: ReceivedAlert[];
  put(id: string, endpoint: object): Promise<void>;
  status(id: string): Promise<{ readonly regions: readonly RegionReport[] }>;
  /** Waits for the first alert that fits. */
  alert(fits: (alert: ReceivedAlert['alert']) => boolean): Promise<ReceivedAlert>;
  close(): Promise<void>;
}

/** A whole local deployment whose regions probe from namespaces of their own. */
export async function deploy(options: {
  readonly world: World;
  readonly regions: Readonly<Record<string, Host>>;
  readonly authorityPem: string;
}): Promise<Deployment> {
  const { world, regions, authorityPem } = options;
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
  const control = createServer((socket) => socket.on('error', () => socket.destroy()).end());
  await once(control.listen(0, world.gateway), 'listening');
  const port = (server: { address(): string | AddressInfo | null }): number =>
    (server.address() as AddressInfo).port;
  const trusted = join(world.directory, 'authority.pem');
  await writeFile(trusted, authorityPem);

  const names = Object.keys(regions);
  const child = spawn(
    process.execPath,
    [
      'bin/parallax.ts',
      'local',
      '--json',
      '--no-demo',
      ...['--port', '0', '--listen', world.gateway, '--regions', names.join(','), '--home', names[0] ?? ''],
      ...names.flatMap((name) => ['--run-in', `${name}=${regions[name]?.prefix}`]),
      ...['--control', `${world.gateway}:${port(control)}`],
      ...['--webhook', `http://127.0.0.1:${port(webhook)}/`],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_EXTRA_CA_CERTS: trusted } },
  );
  let api = '';
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const event = JSON.parse(line);
    if (event.event === 'ready') api = event.api;
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
    put: async (id, endpoint) => {
      const headers = { 'content-type': 'application/json' };
      await call(`/endpoints/${id}`, { method: 'PUT', headers, body: JSON.stringify(endpoint) });
    },
    status: async (id) => (await call(`/endpoints/${id}/status`)) as { regions: readonly RegionReport[] },
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
      control.close();
    },
  };
}
