import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import type { Maintenance, Schedule } from '../../lib/endpoint/maintenance.ts';
import { keys, QUIET } from '../../lib/store/keys.ts';
import { putMute } from '../../lib/store/mute.ts';
import { putMaintenance, putTagMute, removeMaintenance, removeTagMute } from '../../lib/store/quiet.ts';
import { START_MS, type Story, storyTeller } from '../support/flow-story.ts';

/** The watchdog wakes the judge within a minute of what falls due by time alone. */
const WOKEN_SECONDS = 90;

const at = (ms: number): string => new Date(ms).toISOString();
const afterStart = (minutes: number): string => at(START_MS + minutes * 60_000);

const plan = (schedule: Schedule, changes: Partial<Maintenance> = {}): Maintenance => ({
  id: 'work',
  note: null,
  by: null,
  endpoints: 'all',
  schedule,
  at: at(START_MS),
  ...changes,
});

describe('in a maintenance window', () => {
  const { shop, story } = storyTeller();
  const told: Story[] = [];
  afterEach(async () => {
    for (const { table } of told.splice(0)) {
      for (const id of ['work', 'odd']) await removeMaintenance(table, id);
      await removeTagMute(table, 'web');
    }
  });

  const begun = async (schedule: Schedule, changes: Parameters<typeof story>[0] = {}) => {
    const one = story(changes);
    told.push(one);
    await one.begin();
    await putMaintenance(one.table, plan(schedule));
    return one;
  };
  const passTo = (one: Story, minutes: number) =>
    one.world.pass((START_MS + minutes * 60_000 - one.world.nowMs) / 1000);

  it('an outage that lasts beyond it is told once, when it ends; probing goes on', async () => {
    const one = await begun({ from: afterStart(5), until: afterStart(20) });
    await passTo(one, 6);
    const before = (await one.rounds('eu-west-1')).length;
    await shop.close();
    await passTo(one, 19.9);
    expect(one.events()).toEqual([]);
    expect((await one.state())?.incident).toMatchObject({ kind: 'down', toldAt: null });
    expect((await one.rounds('eu-west-1')).length).toBeGreaterThan(before + 10);
    expect(await one.passUntilTold('trigger', WOKEN_SECONDS)).toBe(true);
    expect(one.alerts()[0]?.atMs).toBeGreaterThanOrEqual(START_MS + 20 * 60_000);
    await one.world.pass(600);
    expect(one.events()).toEqual(['trigger']);
  });

  it('an outage that begins and ends there is never told, and kept', async () => {
    const one = await begun({ from: afterStart(5), until: afterStart(20) });
    await passTo(one, 6);
    await shop.close();
    await passTo(one, 10);
    await shop.open();
    await passTo(one, 27);
    expect(one.events()).toEqual([]);
    expect(await one.history()).toMatchObject([{ toldAt: null, end: 'recovered' }]);
  });

  it('the end of an outage that was told before is told, and nothing else of it', async () => {
    const one = await begun({ from: afterStart(10), until: afterStart(30) });
    await passTo(one, 5);
    await shop.close();
    expect(await one.passUntilTold('trigger', 120)).toBe(true);
    await passTo(one, 20);
    await shop.open();
    expect(await one.passUntilTold('resolve', 300)).toBe(true);
    await passTo(one, 37);
    expect(one.events()).toEqual(['trigger', 'resolve']);
  });

  it('that recurs, each is quiet and the time between them is not', async () => {
    // The story begins at 04:00 in Berlin.
    const schedule = { cron: '10,35 4 * * *', timeZone: 'Europe/Berlin', durationMinutes: 10 };
    const one = await begun(schedule);
    const outageInside = async (begin: number) => {
      await passTo(one, begin);
      await shop.close();
      await passTo(one, begin + 4);
      await shop.open();
      await passTo(one, begin + 15);
    };
    await outageInside(11);
    expect(one.events()).toEqual([]);
    await shop.close();
    expect(await one.passUntilTold('trigger', 120)).toBe(true);
    await shop.open();
    expect(await one.passUntilTold('resolve', 300)).toBe(true);
    await outageInside(36);
    expect(one.events()).toEqual(['trigger', 'resolve']);
    expect((await one.history()).map(({ toldAt }) => toldAt !== null)).toEqual([false, true, false]);
  });

  it('a mute that ends there gives way to it: both are one', async () => {
    const one = await begun({ from: afterStart(9), until: afterStart(20) });
    await putMute(one.table, one.endpoint.id, { until: afterStart(10), note: null, at: at(START_MS) });
    await passTo(one, 5);
    await shop.close();
    await passTo(one, 19.9);
    expect(one.events()).toEqual([]);
    expect(await one.passUntilTold('trigger', WOKEN_SECONDS)).toBe(true);
  });

  it('plans are read only where there is something to tell', async () => {
    const one = await begun({ from: afterStart(5), until: afterStart(60) });
    let reads = 0;
    one.table.documents.middlewareStack.add(
      (next) => (command) => {
        if (JSON.stringify(command.input).includes(QUIET)) reads += 1;
        return next(command);
      },
      { step: 'initialize', name: 'reads', override: true },
    );
    await passTo(one, 7);
    one.world.nudge(one.endpoint.cohort);
    await one.world.pass(1);
    expect(reads).toBe(0);
    await shop.close();
    expect(await one.world.passUntil(async () => reads > 0, 120)).toBe(true);
    one.table.documents.middlewareStack.remove('reads');
    expect(one.events()).toEqual([]);
  });

  it('of others, or when a plan cannot be read, an outage is told', async () => {
    const one = await begun({ from: afterStart(5), until: afterStart(60) });
    const schedule = { from: afterStart(5), until: 'soon' };
    const Item = { ...plan(schedule, { id: 'odd' }), ...keys.maintenance('odd') };
    await one.table.documents.send(new PutCommand({ TableName: one.table.name, Item }));
    await putMaintenance(
      one.table,
      plan(
        { from: afterStart(5), until: afterStart(60) },
        { endpoints: { ids: ['other'], tags: ['other'] } },
      ),
    );
    await passTo(one, 6);
    await shop.close();
    expect(await one.passUntilTold('trigger', 120)).toBe(true);
  });

  it('many endpoints of a muted tag are quiet, and the one without it is not', async () => {
    const one = story({ tags: [] });
    told.push(one);
    const others = Array.from({ length: 20 }, (_, n) => `${one.endpoint.id}-${n}`);
    for (const id of others) {
      await one.world.register({ ...one.endpoint, id, name: id, tags: ['eu', 'web'] });
    }
    await one.begin();
    await putTagMute(one.table, { tag: 'web', until: afterStart(15), note: null, at: at(START_MS) });
    await shop.close();
    await passTo(one, 14.9);
    const ids = () => one.alerts().map(({ event, endpoint }) => `${event} ${endpoint.id}`);
    expect(ids()).toEqual([`trigger ${one.endpoint.id}`]);
    await one.world.pass(WOKEN_SECONDS);
    expect(ids()).toEqual([`trigger ${one.endpoint.id}`]);
    const [together, ...more] = one.groupAlerts();
    expect([together.event, together.endpoints.toSorted(), more]).toEqual(['trigger', others.toSorted(), []]);
  });
});
