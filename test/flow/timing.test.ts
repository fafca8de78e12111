import { describe, expect, it } from 'vitest';
import { momentOf } from '../../lib/endpoint/cohort.ts';
import { REGIONS, type Story, storyTeller } from '../support/flow-story.ts';

/** Between the first failing handshake and the trigger's publish. */
function toldAfterMs(story: Story): number {
  const [trigger] = story.alerts();
  return (trigger?.atMs ?? Number.POSITIVE_INFINITY) - Date.parse(trigger?.since);
}

describe('an outage', () => {
  const { shop, story } = storyTeller();

  it('is told within 45 s of its first failing handshake by default', async () => {
    const one = story({ alertAfterSeconds: 30 });
    await one.begin();
    await one.passToBeforeTry('us-east-1', 1);
    await shop.close();
    expect(await one.passUntilTold('trigger', 120)).toBe(true);
    expect(toldAfterMs(one)).toBeGreaterThanOrEqual(30_000);
    expect(toldAfterMs(one)).toBeLessThanOrEqual(45_000);
  });

  it('that is over after 20 s is kept and not told', async () => {
    const one = story({ alertAfterSeconds: 30 });
    await one.begin();
    await one.passToBeforeTry('us-east-1', 1);
    await shop.close();
    await one.world.pass(20);
    await shop.open();
    await one.world.pass(300);
    expect(one.events()).toEqual([]);
    expect(await one.history()).toMatchObject([{ kind: 'down', toldAt: null, end: 'recovered' }]);
    expect((await one.cohort())?.attention.size).toBe(0);
  });

  it('is told between 300 and 312 s after its first failing handshake when it has to last 300 s', async () => {
    const one = story({ alertAfterSeconds: 300 });
    await one.begin();
    await one.passToBeforeTry('ap-southeast-2', 1);
    await shop.close();
    expect(await one.passUntilTold('trigger', 400)).toBe(true);
    expect(toldAfterMs(one)).toBeGreaterThanOrEqual(300_000);
    expect(toldAfterMs(one)).toBeLessThanOrEqual(312_000);
  });

  it('of an endpoint tried each ten minutes is confirmed within 20 s, and tried each minute until it ends', async () => {
    const one = story({ intervalSeconds: 600 });
    await one.begin();
    await one.passToBeforeTry('eu-west-1', 1);
    await shop.close();
    expect(await one.passUntilTold('trigger', 120)).toBe(true);
    const { incident } = (await one.state()) ?? {};
    expect((incident?.openedAt ?? 0) - (incident?.since ?? 0)).toBeLessThanOrEqual(20_000);
    expect(toldAfterMs(one)).toBeLessThanOrEqual(20_000);
    // Past the chains of retries.
    await one.world.pass(180);
    const from = one.world.nowMs;
    await one.world.pass(300);
    for (const region of REGIONS) {
      const tries = (await one.rounds(region))
        .flatMap(({ observations }) => observations)
        .filter(({ at }) => at > from);
      expect(tries, region).toHaveLength(5);
    }
    await shop.open();
    const openedAt = one.world.nowMs;
    expect(await one.passUntilTold('resolve', 120)).toBe(true);
    expect((one.alerts().at(-1)?.atMs ?? 0) - openedAt).toBeLessThanOrEqual(90_000);
    await one.world.pass(180);
    const over = one.world.nowMs;
    await one.world.pass(600);
    const extra = one
      .delivered('probe', over)
      .filter(({ message }) => message.kind === 'probe' && message.cohorts[0]?.part === 'failing');
    expect(extra).toEqual([]);
  });
});

describe('quiet', () => {
  const { shop, story } = storyTeller();

  it('costs one write a round and region, and no judge call but the sweep', async () => {
    const one = story();
    await one.begin();
    await one.world.pass(60);
    one.world.count(null);
    const from = one.world.nowMs;
    await one.world.pass(600);
    const count = (name: string): number => one.world.steps.filter((step) => step === name).length;
    // One more a minute: that the judge works, whatever there is to judge.
    expect(count('PutItemCommand')).toBe(10 * REGIONS.length + 10);
    // Each region notes its own health once a minute, whatever it watches.
    expect(count('UpdateItemCommand')).toBe(10 * REGIONS.length);
    expect(count('publish')).toBe(0);
    expect(one.delivered('probe', from + 1)).toHaveLength(10 * REGIONS.length);
    expect(one.delivered('retry', from + 1)).toEqual([]);
    expect(one.delivered('news', from + 1)).toEqual([]);
    expect(one.delivered('sweep', from + 1)).toHaveLength(2);
  });

  it('comes back while an incident is open: the chains of retries end', async () => {
    const one = story({ alertAfterSeconds: 3600 });
    await one.begin();
    await shop.close();
    await one.world.pass(240);
    const from = one.world.nowMs;
    expect(one.delivered('retry').length).toBeGreaterThan(5);
    await one.world.pass(600);
    expect(one.delivered('retry', from + 1)).toEqual([]);
    expect(one.delivered('news', from + 1)).toEqual([]);
    expect((await one.state())?.incident).toMatchObject({ kind: 'down' });
    await shop.open();
    await one.world.pass(240);
    expect((await one.state())?.incident).toBeNull();
    const after = one.world.nowMs;
    await one.world.pass(300);
    expect(one.delivered('news', after + 1)).toEqual([]);
  });
});

describe('a message that comes late', () => {
  const { story } = storyTeller();

  it('is not probed any more after max(interval, 60 s), and probed until then', async () => {
    const one = story({ intervalSeconds: 10 });
    await one.begin();
    const region = 'us-east-1';
    const fromSecond = one.world.nowMs / 1000;
    // Sent from now on, so for the slots from the next minute but one.
    one.world.mail.held = { region, untilMs: one.world.nowMs + 300_000 };
    await one.world.pass(301);
    const until = one.world.nowMs / 1000 - 1;
    const { cohort } = one.endpoint;
    const moments = (await one.rounds(region)).flatMap(({ cause }) =>
      cause.kind === 'slot' ? [momentOf(cause.slot, cohort, REGIONS.indexOf(region), REGIONS.length)] : [],
    );
    const heldFrom = Math.ceil(fromSecond / 60) * 60 + 60;
    const late = moments.filter((moment) => moment >= heldFrom && moment < until);
    expect(late.every((moment) => moment >= until - 60)).toBe(true);
    expect(late.length).toBeGreaterThanOrEqual(6);
    const due = one.delivered('probe').filter((delivered) => delivered.region === region);
    expect(due.length).toBeGreaterThan(moments.length + 10);
    expect(one.world.failures).toEqual([]);
  });
});
