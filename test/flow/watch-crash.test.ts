import { DeleteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keys } from '../../lib/store/keys.ts';
import { getWatch } from '../../lib/store/watch.ts';
import { REGIONS, type Story, storyTeller } from '../support/flow-story.ts';
import type { Kill } from '../support/flow-world.ts';
import { Shop } from '../support/shop.ts';

const { shop, story } = storyTeller();
const control = new Shop();
beforeAll(() => control.open());
afterAll(() => control.close());

/** One region, cut off from everything and back again; killed at one step, or not at all. */
async function cutOff(kill: Kill | null): Promise<Story> {
  const environment = () => ({
    regions: [REGIONS[0]],
    controls: [`${control.address}:${control.port}`],
  });
  const one = story({}, { environment });
  await one.begin();
  await one.world.pass(30);
  one.world.count(kill);
  await Promise.all([shop.close(), control.close()]);
  const told = (event: string) => one.watchAlerts().some((alert) => alert.event === event);
  await one.world.passUntil(async () => told('trigger'), 600);
  await Promise.all([shop.open(), control.open()]);
  await one.world.passUntil(async () => {
    if (!told('resolve')) return false;
    const { outbox, uncopied } = await getWatch(one.table);
    return outbox.length === 0 && uncopied.length === 0;
  }, 600);
  return one;
}

/** The history copies, which are then removed with all else that another story would meet. */
async function history({ table, endpoint }: Story) {
  const { Items = [] } = await table.documents.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': keys.watch().pk, ':prefix': 'INCIDENT#' },
    }),
  );
  const gone = Items.map(({ pk, sk }) => ({ pk, sk }));
  for (const Key of [...gone, keys.watch(), keys.region(REGIONS[0]), keys.cohort(endpoint.cohort)]) {
    await table.documents.send(new DeleteCommand({ TableName: table.name, Key }));
  }
  return Items;
}

it('an alert about a region is told, whichever step an invocation is killed before', async () => {
  const whole = await cutOff(null);
  const steps = whole.world.steps.length;
  expect(whole.watchAlerts().map(({ event, kind }) => [event, kind])).toEqual([
    ['trigger', 'region_unhealthy'],
    ['resolve', 'region_unhealthy'],
  ]);
  expect(await history(whole)).toMatchObject([{ end: 'recovered', sequence: 2 }]);
  expect(steps).toBeGreaterThan(20);
  for (let beforeStep = 1; beforeStep <= steps; beforeStep += 1) {
    const one = await cutOff({ beforeStep });
    const where = `killed before step ${beforeStep}, ${one.world.steps[beforeStep - 1]}`;
    const alerts = one.watchAlerts();
    expect(alerts[0]?.event, where).toBe('trigger');
    expect(alerts.at(-1)?.event, where).toBe('resolve');
    expect([...new Set(alerts.map(({ kind, dedupKey }) => `${kind} ${dedupKey}`))], where).toHaveLength(1);
    const { open, outbox, uncopied } = await getWatch(one.table);
    expect([open, outbox, uncopied], where).toEqual([{}, [], []]);
    expect(await history(one), where).toMatchObject([{ end: 'recovered', sequence: 2 }]);
    expect(one.alerts(), where).toEqual([]);
  }
}, 240_000);
