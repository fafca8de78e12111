import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Endpoint } from '../../lib/endpoint/endpoint.ts';
import { tagOf } from '../../lib/endpoint/tag.ts';
import { getCohort } from '../../lib/store/cohort.ts';
import { incidentsOf } from '../../lib/store/incident.ts';
import { keys } from '../../lib/store/keys.ts';
import { statesOf } from '../../lib/store/state.ts';
import { startTestStack, type TestStack } from './emulators.ts';
import { FlowWorld, type Kill } from './flow-world.ts';
import { Shop } from './shop.ts';

const START_MS = Date.UTC(2026, 10, 20, 3, 0, 0);

/** A whole outage, from healthy through stopped to healthy again; killed at one step, or not at all. */
async function outage(stack: TestStack, shop: Shop, name: string, kill: Kill | null) {
  // One after the other, so that none meets the rounds of another.
  const startMs = START_MS + Number(name.replace(/\D/g, '')) * 86_400_000;
  const world = new FlowWorld({
    table: stack.table,
    environment: (region) => stack.environment(region || undefined),
    startMs,
  });
  const at = new Date(startMs).toISOString();
  const endpoint: Endpoint = {
    id: name,
    name,
    host: '127.0.0.1',
    port: shop.port,
    handshake: 'tcp',
    intervalSeconds: 60,
    alertAfterSeconds: 0,
    regions: 'all',
    addressFamily: 'ipv4',
    certificate: 'verify',
    tags: [],
    enabled: true,
    cohort: '60-0',
    createdAt: at,
    updatedAt: at,
    watchedSince: at,
    revision: 1,
  };
  await world.register(endpoint);
  await world.pass(190);
  world.nudge(endpoint.cohort);
  await world.pass(1);
  const events = (): string[] => world.told.map(({ body }) => JSON.parse(body).event);
  const read = async () => ({
    state: (await statesOf(stack.table, [name])).get(name),
    cohort: await getCohort(stack.table, endpoint.cohort),
  });
  world.count(kill);
  await shop.close();
  // A killed message comes back after 270 s at the latest, and whatever is lost is found by the sweep.
  await world.passUntil(async () => events().includes('trigger'), 700);
  await shop.open();
  await world.passUntil(async () => {
    if (!events().includes('resolve')) return false;
    const { state, cohort } = await read();
    return state?.outbox.length === 0 && state.uncopied.length === 0 && cohort?.attention.size === 0;
  }, 1000);
  const steps = world.steps.length;
  const { state, cohort } = await read();
  const history = await incidentsOf(stack.table, name, { limit: 10 });
  const alerts = world.told.map(({ body }) => JSON.parse(body));
  const gone = [
    keys.endpoint(name),
    keys.state(name),
    keys.cohort(endpoint.cohort),
    keys.watch(),
    keys.judged(),
  ];
  for (const Key of [...gone, ...stack.environment().regions.map(keys.region)]) {
    await stack.table.documents.send(new DeleteCommand({ TableName: stack.table.name, Key }));
  }
  return { world, endpoint, state, cohort, history: history.items, alerts, steps };
}

/** Tests of an outage in which invocations are killed at every `of`-th step, beginning with the `part`-th. */
export function crashes({ part, of }: { readonly part: number; readonly of: number }): void {
  describe(`the flow (part ${part} of ${of})`, () => {
    let stack: TestStack;
    const shop = new Shop();

    beforeAll(async () => {
      stack = await startTestStack();
      await shop.open();
    });
    afterAll(async () => {
      await shop.close();
      await stack.close();
    });
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['Date'] });
      vi.spyOn(console, 'warn').mockImplementation(() => {});
      vi.spyOn(console, 'error').mockImplementation(() => {});
    });
    afterEach(() => {
      vi.useRealTimers();
      vi.restoreAllMocks();
    });

    it('converges without losing an alert, whichever step an invocation is killed before', async () => {
      const { steps } = await uninterrupted(stack, shop);
      expect(steps).toBeGreaterThan(20);
      for (let beforeStep = part; beforeStep <= steps; beforeStep += of) {
        await interrupted(stack, shop, beforeStep);
      }
    }, 240_000);
  });
}

async function uninterrupted(stack: TestStack, shop: Shop): Promise<{ readonly steps: number }> {
  const { world, alerts, state, cohort, history, steps } = await outage(stack, shop, 'shop0', null);
  expect(world.failures).toEqual([]);
  expect(alerts.map(({ event, kind, rule }) => [event, kind, rule])).toEqual([
    ['trigger', 'down', 'not_listening'],
    ['resolve', 'down', 'not_listening'],
  ]);
  expect(new Set(alerts.map(({ dedupKey }) => dedupKey)).size).toBe(1);
  expect(state?.incident).toBeNull();
  expect(state?.outbox).toEqual([]);
  expect([...(cohort?.attention ?? [])]).toEqual([]);
  expect(history).toHaveLength(1);
  expect(history[0]).toMatchObject({ end: 'recovered' });
  return { steps };
}

async function interrupted(stack: TestStack, shop: Shop, beforeStep: number): Promise<void> {
  const { alerts, state, cohort, history, world, endpoint } = await outage(stack, shop, `shop${beforeStep}`, {
    beforeStep,
  });
  const where = `killed before step ${beforeStep}, ${world.steps[beforeStep - 1]}`;
  const events = alerts.map(({ event }) => event);
  expect(events, where).toContain('trigger');
  expect(events.at(-1), where).toBe('resolve');
  expect(
    alerts.filter(({ kind }) => kind !== 'down'),
    where,
  ).toEqual([]);
  expect(new Set(alerts.map(({ dedupKey }) => dedupKey)).size, where).toBe(1);
  expect(state?.incident, where).toBeNull();
  expect(state?.outbox, where).toEqual([]);
  expect(state?.uncopied, where).toEqual([]);
  expect(cohort?.attention.size, where).toBe(0);
  expect(cohort?.members.has(tagOf(endpoint)), where).toBe(true);
  expect(history, where).toHaveLength(1);
}
