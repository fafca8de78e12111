import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allRegions } from '../../lib/store/region.ts';
import { getWatch } from '../../lib/store/watch.ts';
import { type Story, storyTeller } from '../support/flow-story.ts';
import { Shop } from '../support/shop.ts';

const { shop, story } = storyTeller();
const control = new Shop();
beforeAll(() => control.open());
afterAll(() => control.close());

const withControl = () => ({ environment: () => ({ controls: [`${control.address}:${control.port}`] }) });

/** The endpoint and the control, which are all that there is. */
async function cutOff(): Promise<void> {
  await Promise.all([shop.close(), control.close()]);
}

async function connect(): Promise<void> {
  await Promise.all([shop.open(), control.open()]);
}

const told = (one: Story) =>
  one.watchAlerts().map(({ event, kind, region }) => [event, kind, region].join(' '));

const untilTold = (one: Story, event: string, limitSeconds: number): Promise<boolean> =>
  one.world.passUntil(async () => one.watchAlerts().some((alert) => alert.event === event), limitSeconds);

const since = (one: Story, event: string, fromMs: number): number =>
  (one.watchAlerts().find((alert) => alert.event === event)?.atMs - fromMs) / 1000;

describe('a region that is cut off', () => {
  it('is told once and resolved once, and nothing of its endpoint, whatever its interval is', async () => {
    const one = story({ intervalSeconds: 600, regions: ['eu-west-1'] }, withControl());
    await one.begin();
    const before = one.alerts();
    await one.passToBeforeTry('eu-west-1', 1);
    await cutOff();
    const fromMs = one.world.nowMs;
    expect(await untilTold(one, 'trigger', 60)).toBe(true);
    expect(since(one, 'trigger', fromMs)).toBeLessThan(20);
    await one.world.pass(300);
    await connect();
    const againMs = one.world.nowMs;
    expect(await untilTold(one, 'resolve', 180)).toBe(true);
    expect(since(one, 'resolve', againMs)).toBeLessThan(80);
    await one.world.pass(300);
    expect(told(one)).toEqual(['trigger region_unhealthy eu-west-1', 'resolve region_unhealthy eu-west-1']);
    expect(one.watchAlerts()[0]).toMatchObject({ endpoint: null, kind: 'region_unhealthy', severity: 'P3' });
    expect((await one.state())?.incident).toBeNull();
    expect(one.alerts()).toEqual(before);
    expect(one.world.failures).toEqual([]);
  });

  it('is looked at about once a minute while it is, and not at all before and after', async () => {
    const one = story({ intervalSeconds: 600, regions: ['eu-west-1'] }, withControl());
    await one.begin();
    expect(one.delivered('controls')).toEqual([]);
    await one.passToBeforeTry('eu-west-1', 1);
    await cutOff();
    await one.world.pass(480);
    expect(one.delivered('controls').length).toBeGreaterThan(6);
    expect(one.delivered('controls').length).toBeLessThan(12);
    await connect();
    await one.world.pass(120);
    const quietMs = one.world.nowMs;
    await one.world.pass(600);
    expect(one.delivered('controls', quietMs)).toEqual([]);
  });

  it('alone with all the others opens no incident of an endpoint', async () => {
    const one = story({}, withControl());
    await one.begin();
    await cutOff();
    await one.world.pass(300);
    expect(told(one).sort()).toEqual([
      'trigger region_unhealthy ap-southeast-2',
      'trigger region_unhealthy eu-west-1',
      'trigger region_unhealthy us-east-1',
    ]);
    await connect();
    await one.world.pass(180);
    expect(one.watchAlerts().filter(({ event }) => event === 'resolve')).toHaveLength(3);
    expect(await one.history()).toEqual([]);
  });

  it('for one look only is nobody’s trouble', async () => {
    const one = story({ intervalSeconds: 600, regions: ['eu-west-1'] }, withControl());
    await one.begin();
    await one.passToBeforeTry('eu-west-1', 1);
    await cutOff();
    await one.world.pass(4);
    await connect();
    await one.world.pass(600);
    expect([1, 2]).toContain(one.delivered('controls').length);
    expect(told(one)).toEqual([]);
  });
});

describe('a region that says nothing', () => {
  it('is told with when it was last heard, and resolved when it speaks again', async () => {
    const one = story();
    await one.begin();
    const untilMs = one.world.nowMs + 600_000;
    one.world.mail.held = { region: 'us-east-1', untilMs };
    expect(await untilTold(one, 'trigger', 400)).toBe(true);
    const [alert] = one.watchAlerts();
    expect(alert).toMatchObject({
      kind: 'region_silent',
      region: 'us-east-1',
      unknownRegions: ['us-east-1'],
    });
    const noted = (await allRegions(one.table)).find(({ region }) => region === 'us-east-1')?.notedAt;
    expect(Date.parse(alert?.since)).toBe(noted);
    expect(Date.parse(alert?.at) - Date.parse(alert?.since)).toBeGreaterThan(180_000);
    await one.world.pass((untilMs - one.world.nowMs) / 1000);
    one.world.mail.held = null;
    expect(await untilTold(one, 'resolve', 180)).toBe(true);
    await one.world.pass(120);
    expect(told(one)).toEqual(['trigger region_silent us-east-1', 'resolve region_silent us-east-1']);
  });

  it('is not one that has nothing to try', async () => {
    const one = story({ regions: ['eu-west-1'] });
    await one.begin();
    await one.world.pass(900);
    expect(told(one)).toEqual([]);
  });

  it('is not expected to speak before there is anything to watch', async () => {
    const one = story();
    await one.world.pass(1200);
    await one.begin();
    await one.world.pass(600);
    expect(told(one)).toEqual([]);
  });

  it('after it was unhealthy is told as an update of the same', async () => {
    const one = story({}, withControl());
    await one.begin();
    await cutOff();
    await one.world.pass(120);
    one.world.mail.held = { region: 'us-east-1', untilMs: one.world.nowMs + 3_600_000 };
    expect(await untilTold(one, 'update', 600)).toBe(true);
    const alerts = one.watchAlerts().filter(({ region }) => region === 'us-east-1');
    expect(alerts.map(({ event, kind }) => [event, kind])).toEqual([
      ['trigger', 'region_unhealthy'],
      ['update', 'region_silent'],
    ]);
    expect(new Set(alerts.map(({ dedupKey }) => dedupKey)).size).toBe(1);
    await control.open();
  });
});

it('dead letters are told once a queue, and resolved when they are gone', async () => {
  const one = story();
  await one.begin();
  const full = [
    { region: null, messages: 2 },
    { region: 'us-east-1', messages: 1 },
    { region: 'eu-west-1', messages: 0 },
  ];
  one.world.deadLetters = full;
  await one.world.pass(900);
  expect(told(one)).toEqual(['trigger dead_letters ', 'trigger dead_letters us-east-1']);
  one.world.deadLetters = full.map((queue) => ({ ...queue, messages: 0 }));
  await one.world.pass(360);
  expect(told(one).slice(2)).toEqual(['resolve dead_letters ', 'resolve dead_letters us-east-1']);
});

it('a judge that is late is told when it comes, and resolved when it is in time', async () => {
  const one = story();
  await one.begin();
  one.world.mail.judgeHeldUntilMs = one.world.nowMs + 400_000;
  await one.world.pass(390);
  expect(told(one)).toEqual([]);
  await one.world.pass(200);
  expect(told(one)).toEqual(['trigger judge_lagging ', 'resolve judge_lagging ']);
  expect(one.watchAlerts()[0]).toMatchObject({ severity: 'P2', region: null, endpoint: null });
});

it('costs a quiet region one note a minute, and the watching no write', async () => {
  const one = story({ intervalSeconds: 10 });
  await one.begin();
  const { version } = await getWatch(one.table);
  one.world.count(null);
  await one.world.pass(600);
  const updates = one.world.steps.filter((step) => /^Update/.test(step));
  expect(updates.length).toBeGreaterThanOrEqual(29);
  expect(updates.length).toBeLessThanOrEqual(31);
  expect((await getWatch(one.table)).version).toBe(version);
});
