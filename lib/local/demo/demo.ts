import { setTimeout as pause } from 'node:timers/promises';
import type { Configuration } from '../../deployment/configuration.ts';
import type { AlertEvent, Report } from '../event.ts';
import { startWorld } from './world.ts';

export interface Demo {
  /** The configuration with what the demo adds to it. */
  readonly configuration: Configuration;
  /** PEM file of the authority that the demo's certificates are of. */
  readonly caFile: string;
  alerted(alert: AlertEvent): void;
  /** Registers the endpoints, makes the fault, waits to see it alerted, lifts it, waits to see it resolved. */
  play(api: string): Promise<void>;
  close(): Promise<void>;
}

/** The endpoint that one region cannot reach for a while. */
export const SHOP = 'demo-shop';

/** How long the alert stays before the fault is lifted, in ms. */
const SHOWN_MS = 20_000;

/** Between two looks at whether the shop is reached from everywhere, in ms. */
const LOOK_MS = 1000;

/** Starts the demo's servers; nothing is registered before `play`. */
export async function prepareDemo(options: {
  readonly configuration: Configuration;
  readonly directory: string;
  readonly report: Report;
}): Promise<Demo> {
  const { configuration, directory, report } = options;
  const world = await startWorld(configuration, directory);
  const closing = new AbortController();
  const waiting = new Map<string, () => void>();
  const heard = new Set<string>();
  const alert = (event: string): Promise<void> =>
    heard.has(event) ? Promise.resolve() : new Promise((resolve) => waiting.set(event, resolve));
  const tell = (text: string): void => report({ event: 'demo', text });

  return {
    configuration: {
      ...configuration,
      controls: [...configuration.controls, ...world.controls],
      resolvers: { ...configuration.resolvers, ...world.resolvers },
    },
    caFile: world.caFile,
    alerted({ topic, alert: said }) {
      const told = shopEvent(said);
      if (topic !== 'json' || told === null) return;
      heard.add(told);
      waiting.get(told)?.();
    },
    async play(api) {
      await register(api, world.ports);
      tell('four endpoints are registered; the shop has to be reached from everywhere first');
      while (!(await passesEverywhere(api))) await pause(LOOK_MS, undefined, { signal: closing.signal });
      tell(`the fault: from now on the address that ${world.region} is given for the shop drops every SYN`);
      await world.shop.hold();
      await alert('trigger');
      tell(`that is the alert; in ${SHOWN_MS / 1000} s the fault is lifted`);
      await pause(SHOWN_MS, undefined, { signal: closing.signal });
      world.shop.release();
      tell('the fault is lifted');
      await alert('resolve');
      tell(
        `that was the demo; register your own: curl -X PUT ${api}/endpoints/my-site --json '{"host":"example.com","port":443,"handshake":"http2"}'`,
      );
    },
    async close() {
      closing.abort();
      await world.close();
    },
  };
}

/** The event of a JSON alert about the shop, null for any other. */
function shopEvent(said: unknown): string | null {
  if (said === null || typeof said !== 'object' || !('event' in said) || !('dedupKey' in said)) return null;
  const about =
    'endpoint' in said && said.endpoint && typeof said.endpoint === 'object' ? said.endpoint : null;
  return about && 'id' in about && about.id === SHOP ? String(said.event) : null;
}

async function register(
  api: string,
  ports: { readonly healthy: number; readonly expired: number; readonly refused: number },
): Promise<void> {
  const endpoints = [
    [SHOP, 'shop.demo', ports.healthy],
    ['demo-api', 'api.demo', ports.healthy],
    ['demo-expired', 'expired.demo', ports.expired],
    ['demo-refused', 'refused.demo', ports.refused],
  ] as const;
  for (const [id, host, port] of endpoints) {
    const response = await fetch(`${api}/endpoints/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        host,
        port,
        handshake: 'http2',
        name: host,
        intervalSeconds: 10,
        alertAfterSeconds: 0,
        tags: ['demo'],
      }),
    });
    if (!response.ok) throw new Error(`PUT /endpoints/${id}: ${response.status} ${await response.text()}`);
    await response.body?.cancel();
  }
}

async function passesEverywhere(api: string): Promise<boolean> {
  const response = await fetch(`${api}/endpoints/${SHOP}/status`);
  if (!response.ok)
    throw new Error(`GET /endpoints/${SHOP}/status: ${response.status} ${await response.text()}`);
  const status = (await response.json()) as { readonly regions: readonly { readonly state: string }[] };
  return status.regions.length > 0 && status.regions.every(({ state }) => state === 'passing');
}
