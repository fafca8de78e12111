import { expect } from 'vitest';
import { type Alert, alertSchema } from '../../lib/alert/schema.ts';
import { templateOf } from './api.ts';
import type { DeployedWorld } from './deployed-world.ts';
import type { Call, Recorder } from './recorder.ts';
import type { Shop } from './shop.ts';

export interface LifeOptions {
  readonly world: DeployedWorld;
  readonly recorder: Recorder;
  readonly shop: Shop;
  /** The one control endpoint of all regions. */
  readonly control: Shop;
  /** Of a TLS server. */
  readonly securePort: number;
  readonly regions: readonly [string, string];
  /** Where a region says that it has lost its home. */
  readonly troubleTopic: (region: string) => string;
}

/**
 * All that can happen to endpoints of two regions, from PUT to DELETE: an outage and its end, everything cut off, home lost,
 * an outage while muted and in maintenance, a change of interval.
 * @returns the routes that were asked.
 */
export async function live(options: LifeOptions): Promise<ReadonlySet<string>> {
  const { world, recorder, shop, control, securePort, regions, troubleTopic } = options;
  const asked = new Set<string>();
  const request = (method: string, path: string, body?: unknown) => {
    asked.add(`${method} ${templateOf(path)}`);
    return world.request(method, path, body);
  };
  const told = () => recorder.done.flatMap(eventIn);
  const askEverything = async () => {
    for (const path of ['', '/status', '/timings', '/timings/summary', '/incidents']) {
      expect(await request('GET', `/endpoints/shop${path}`)).toMatchObject({ status: 200 });
    }
    for (const path of [
      '/endpoints',
      '/status',
      '/incidents',
      '/incidents/summary',
      '/regions',
      '/openapi.json',
      '/alert.schema.json',
    ]) {
      expect(await request('GET', path)).toMatchObject({ status: 200 });
    }
  };
  /** The next round of a region has been written: the next try is the other region's, which then asks this one. */
  const afterRoundOf = async (region: string) => {
    const rounds = () => recorder.done.filter((call) => isPutOf(call, region)).length;
    const before = rounds();
    await world.passUntil(`a round of ${region}`, () => rounds() > before, 120);
  };

  const settings = { host: '127.0.0.1', port: shop.port, handshake: 'tcp', alertAfterSeconds: 0 };
  expect(await request('PUT', '/endpoints/shop', settings)).toMatchObject({ status: 201 });
  const tls = { host: '127.0.0.1', port: securePort, handshake: 'tls', certificate: 'ignore' };
  expect(await request('PUT', '/endpoints/secure', tls)).toMatchObject({ status: 201 });
  await world.pass(200);
  await askEverything();

  expect(await request('POST', '/drills')).toMatchObject({
    status: 200,
    body: { topicsWithoutSubscriber: [] },
  });
  const check = await request('POST', '/checks', { endpoint: 'secure' });
  expect(check).toMatchObject({ status: 202 });
  await world.pass(5);
  expect(await request('GET', `/checks/${check.body.id}`)).toMatchObject({
    body: { complete: true, rule: 'reachable' },
  });
  await afterRoundOf(regions[0]);
  await shop.close();
  await world.passUntil('the outage told', () => told().includes('trigger'), 120);
  await askEverything();
  const acknowledgement = '/endpoints/shop/acknowledgement';
  expect(await request('PUT', acknowledgement, { by: 'ada' })).toMatchObject({ status: 200 });
  expect(await request('DELETE', acknowledgement)).toMatchObject({ status: 204 });
  await shop.open();
  await world.passUntil('its end told', () => told().includes('resolve'), 300);
  const { body } = await request('GET', '/endpoints/shop/incidents');
  expect(body.items).toMatchObject([{ end: 'recovered' }]);

  const toldOfRegions = (event: string) => recorder.done.filter((call) => isOfRegion(call, event)).length;
  await Promise.all([shop.close(), control.close()]);
  await world.passUntil('both regions told to be unhealthy', () => toldOfRegions('trigger') === 2, 300);
  await askEverything();
  const { body: open } = await request('GET', '/incidents');
  const ofRegion = `/incidents/${open.items[0].id}/acknowledgement`;
  expect(await request('PUT', ofRegion, { by: 'ada' })).toMatchObject({ status: 200 });
  await world.passUntil('somebody looks after it', () => toldOfRegions('acknowledge') === 1, 120);
  expect(await request('DELETE', ofRegion)).toMatchObject({ status: 204 });
  await Promise.all([shop.open(), control.open()]);
  await world.passUntil('both told to be healthy', () => toldOfRegions('resolve') === 2, 300);

  recorder.isCut = ({ caller, action }) =>
    regions.some((region) => caller.endsWith(region)) && action.startsWith('dynamodb:');
  const toldLost = (region: string) =>
    recorder.done.some(({ resource }) => resource === troubleTopic(region));
  await world.passUntil('the loss of home told in every region', () => regions.every(toldLost), 600);
  recorder.isCut = () => false;
  await world.pass(600);

  const until = new Date(world.nowMs + 86_400_000).toISOString();
  expect(await request('PUT', '/endpoints/shop/mute', { until })).toMatchObject({ status: 200 });
  const before = told().length;
  await afterRoundOf(regions[1]);
  await shop.close();
  await world.pass(180);
  expect((await request('GET', '/incidents')).body.items).toHaveLength(1);
  expect(told()).toHaveLength(before);
  const maintenance = { endpoints: 'all', schedule: { from: new Date(world.nowMs).toISOString(), until } };
  expect(await request('PUT', '/maintenance/night', maintenance)).toMatchObject({ status: 201 });
  expect(await request('PUT', '/mutes/tags/web', { until })).toMatchObject({ status: 200 });
  for (const path of ['/mutes', '/maintenance', '/maintenance/night']) {
    expect(await request('GET', path)).toMatchObject({ status: 200 });
  }
  expect(await request('DELETE', '/endpoints/shop/mute')).toMatchObject({ status: 204 });
  expect(await request('DELETE', '/mutes/tags/web')).toMatchObject({ status: 204 });
  await world.pass(400);
  expect(told()).toHaveLength(before);
  expect(await request('DELETE', '/maintenance/night')).toMatchObject({ status: 204 });
  await world.passUntil('what was muted told', () => told().at(-1) === 'trigger', 120);

  const change = { intervalSeconds: 30 };
  expect(await request('PATCH', '/endpoints/secure', change)).toMatchObject({ status: 200 });
  for (const id of ['shop', 'secure']) {
    expect(await request('DELETE', `/endpoints/${id}`)).toMatchObject({ status: 202 });
  }
  await world.passUntil('what was open resolved', () => told().at(-1) === 'resolve', 120);
  // 409 as long as anything of the old one is left.
  expect(await request('PUT', '/endpoints/shop', settings)).toMatchObject({ status: 201 });
  return asked;
}

/** Of an endpoint. */
function eventIn(call: Call): string[] {
  const alert = alertIn(call);
  return alert && alert.endpoint !== null ? [alert.event] : [];
}

function isOfRegion(call: Call, event: string): boolean {
  const alert = alertIn(call);
  return alert !== null && alert.kind === 'region_unhealthy' && alert.event === event;
}

function alertIn({ action, input: { TopicArn, Message } }: Call): Alert | null {
  if (action !== 'sns:Publish' || !String(TopicArn).endsWith('-json')) return null;
  return alertSchema.parse(JSON.parse(String(Message)));
}

const isPutOf = ({ caller, action }: Call, region: string): boolean =>
  caller === `probe ${region}` && action === 'dynamodb:PutItem';
