import { describe, expect, it } from 'vitest';
import { REGIONS, type Story, storyTeller } from '../support/flow-story.ts';
import type { Call } from '../support/flow-world.ts';

const named = (name: string): Error => Object.assign(new Error(`injected ${name}`), { name });

const dedupKeys = (story: Story): string[] => [
  ...new Set(story.alerts().map(({ dedupKey }) => String(dedupKey))),
];

async function isClean(story: Story): Promise<boolean> {
  const [state, cohort] = await Promise.all([story.state(), story.cohort()]);
  return state?.outbox.length === 0 && state.uncopied.length === 0 && cohort?.attention.size === 0;
}

describe('the flow, when SNS', () => {
  const { shop, story } = storyTeller();

  it('is down while a trigger is due, tells it once when SNS is back', async () => {
    const one = story();
    await one.begin();
    one.world.fault = ({ name }) => (name === 'publish' ? named('InternalError') : null);
    await shop.close();
    await one.world.pass(150);
    expect(one.events()).toEqual([]);
    expect((await one.state())?.outbox.map(({ transition }) => transition.event)).toEqual(['trigger']);
    const dedupKey = (await one.state())?.incident?.id;
    one.world.fault = () => null;
    expect(await one.passUntilTold('trigger', 400)).toBe(true);
    await one.world.pass(600);
    expect(one.alerts().map(({ event, dedupKey: key }) => [event, key])).toEqual([['trigger', dedupKey]]);
  });

  it('is down until the outage is over, tells the trigger and then the resolve', async () => {
    const one = story();
    await one.begin();
    one.world.fault = ({ name }) => (name === 'publish' ? named('InternalError') : null);
    await shop.close();
    await one.world.pass(150);
    await shop.open();
    const both = async () => (await one.state())?.outbox.length === 2;
    expect(await one.world.passUntil(both, 700)).toBe(true);
    // The first publish after that fails too: what comes after it must wait for it.
    let failures = 0;
    one.world.fault = ({ name }) => {
      if (name !== 'publish' || failures > 0) return null;
      failures += 1;
      return named('InternalError');
    };
    expect(await one.passUntilTold('resolve', 700)).toBe(true);
    await one.world.pass(600);
    expect(failures).toBe(1);
    expect(one.events()).toEqual(['trigger', 'resolve']);
    expect(dedupKeys(one)).toHaveLength(1);
    expect(await isClean(one)).toBe(true);
  });

  it('has lost the topic of one format, tells the others once, and that one when it is back', async () => {
    const one = story({}, { formats: ['email', 'json'] });
    await one.begin();
    one.world.fault = ({ of }) => (of === 'email' ? named('NotFoundException') : null);
    await shop.close();
    expect(await one.passUntilTold('trigger', 60)).toBe(true);
    await one.world.pass(300);
    await shop.open();
    expect(await one.passUntilTold('resolve', 120)).toBe(true);
    await one.world.pass(600);
    expect(one.events()).toEqual(['trigger', 'resolve']);
    expect(one.world.failures).toEqual([]);
    one.world.fault = () => null;
    await one.world.pass(600);
    const emails = one.world.told.filter(({ format }) => format === 'email');
    const ofShop = emails.filter(({ subject }) => !subject.includes('alerts by'));
    expect(ofShop.map(({ subject }) => /RESOLVED/i.test(subject))).toEqual([false, true]);
    // The other format hears that this one does not, and both that it does again.
    expect(one.watchAlerts().map(({ event, kind, severity }) => [event, kind, severity])).toEqual([
      ['trigger', 'untold_alerts', 'P2'],
      ['resolve', 'untold_alerts', 'P2'],
    ]);
    expect(one.watchAlerts()[0]?.summary).toMatch(/^Parallax's alerts by email cannot be published since /);
    expect(emails).toHaveLength(4);
    expect(one.events()).toEqual(['trigger', 'resolve']);
    expect(await isClean(one)).toBe(true);
  });
});

describe('the flow, when SQS', () => {
  const { shop, story } = storyTeller();

  it.each([
    [
      'delivers everything in reversed order (and Scheduler fires twice)',
      { twice: false, reversedWithinMs: 3000 },
    ],
    ['delivers everything twice and in reversed order', { twice: true, reversedWithinMs: 3000 }],
  ])('%s, tells exactly the same', async (_, disorder) => {
    const one = story();
    one.world.mail.disorder = disorder;
    one.world.schedulesTwice = !disorder.twice;
    await one.begin();
    await shop.close();
    expect(await one.passUntilTold('trigger', 120)).toBe(true);
    await one.world.pass(40);
    await shop.open();
    expect(await one.passUntilTold('resolve', 120)).toBe(true);
    await one.world.pass(120);
    expect(one.alerts().map(({ event, kind, rule }) => [event, kind, rule])).toEqual([
      ['trigger', 'down', 'not_listening'],
      ['resolve', 'down', 'not_listening'],
    ]);
    expect(dedupKeys(one)).toHaveLength(1);
    expect(one.world.failures).toEqual([]);
    expect(await isClean(one)).toBe(true);
  });
});

describe('the flow, when one queue or item', () => {
  const { shop, story } = storyTeller();

  it('of a region cannot be reached, asks the others and tells what they say', async () => {
    const one = story({ intervalSeconds: 600 });
    await one.begin();
    await one.passToBeforeTry('eu-west-1', 1);
    const lost = 'ap-southeast-2';
    one.world.fault = ({ name, of, region }) =>
      name === 'sendProbe' && of === lost ? named('TimeoutError') : region === lost ? named('lost') : null;
    await shop.close();
    expect(await one.passUntilTold('trigger', 60)).toBe(true);
    const [alert] = one.alerts();
    expect(alert).toMatchObject({ kind: 'down', failingRegions: ['eu-west-1', 'us-east-1'] });
    expect((alert?.atMs ?? 0) - Date.parse(alert?.since)).toBeLessThanOrEqual(30_000);
  });

  it('of an endpoint cannot be written, tells of the others of its cohort', async () => {
    const one = story();
    const neighbour = { ...one.endpoint, id: 'aaa', name: 'aaa' };
    await one.world.register(neighbour);
    await one.begin();
    one.world.fault = ({ of }) => (of === 'ENDPOINT#aaa STATE' ? named('ValidationException') : null);
    await shop.close();
    expect(await one.passUntilTold('trigger', 120)).toBe(true);
    expect(one.alerts().map(({ endpoint }) => endpoint.id)).toEqual([one.endpoint.id]);
    one.world.fault = () => null;
    const both = async () => one.events().length === 2;
    expect(await one.world.passUntil(both, 600)).toBe(true);
    expect(one.alerts().map(({ event, endpoint }) => [event, endpoint.id])).toEqual([
      ['trigger', one.endpoint.id],
      ['trigger', 'aaa'],
    ]);
  });
});

describe('the flow, when DynamoDB', () => {
  const { shop, story } = storyTeller();
  const away = 'us-east-1';
  const regionTopicArn = 'arn:aws:sns:us-east-1:000000000000:test-region-trouble';

  it('cannot be reached from one region for ten minutes, loses no round and no alert', async () => {
    const one = story({}, { environment: (region) => (region === away ? { regionTopicArn } : {}) });
    await one.begin();
    const lostAt = one.world.nowMs;
    const fault = ({ by, region, name }: Call) =>
      region === away && by !== 'judge' && name.endsWith('Command') ? named('TimeoutError') : null;
    one.world.fault = fault;
    await one.world.pass(180);
    await shop.close();
    expect(await one.passUntilTold('trigger', 60)).toBe(true);
    await one.world.pass(120);
    await shop.open();
    expect(await one.passUntilTold('resolve', 120)).toBe(true);
    await one.world.pass(600 - (one.world.nowMs - lostAt) / 1000);
    const before = await one.rounds(away);
    const backAt = one.world.nowMs;
    expect(before.every(({ observations }) => observations.every(({ at }) => at <= lostAt))).toBe(true);
    one.world.fault = () => null;
    await one.world.pass(1000);

    const slotsOf = async (region: string) => {
      const rounds = await one.rounds(region);
      return rounds.flatMap(({ cause }) => (cause.kind === 'slot' ? [cause.slot] : []));
    };
    const slots = await slotsOf(away);
    const first = slots[0] ?? 0;
    expect(slots).toEqual(slots.map((_, n) => first + n * 60));
    expect(Math.abs(slots.length - (await slotsOf('eu-west-1')).length)).toBeLessThanOrEqual(1);
    const late = (await one.rounds(away)).flatMap(({ observations }) =>
      observations.filter(({ at }) => at > lostAt && at < backAt),
    );
    expect(late.length).toBeGreaterThanOrEqual(10);
    expect(new Set(late.map(({ passed }) => passed))).toEqual(new Set([true, false]));

    const alerts = one.alerts();
    expect(alerts.map(({ event, kind }) => [event, kind])).toEqual([
      ['trigger', 'down'],
      ['resolve', 'down'],
    ]);
    expect(await one.history()).toHaveLength(1);
    const trouble = one.world.told.filter(({ format }) => format === 'trouble');
    expect(trouble).toHaveLength(1);
    expect((trouble[0]?.atMs ?? 0) - lostAt).toBeGreaterThanOrEqual(300_000);
    expect((trouble[0]?.atMs ?? 0) - lostAt).toBeLessThanOrEqual(420_000);
    expect(trouble[0]?.subject).toContain(away);
    expect(await isClean(one)).toBe(true);
  });

  it.each([2, 3])('and all else fail at random, converges on one incident (seed %i)', async (seed) => {
    const one = story();
    await one.begin();
    const random = seeded(seed);
    one.world.fault = () => (random() < 0.2 ? named('ProvisionedThroughputExceededException') : null);
    await shop.close();
    expect(await one.passUntilTold('trigger', 3600)).toBe(true);
    await shop.open();
    expect(await one.passUntilTold('resolve', 3600)).toBe(true);
    one.world.fault = () => null;
    expect(await one.world.passUntil(() => isClean(one), 900)).toBe(true);
    await one.world.pass(300);
    const alerts = one.alerts();
    expect(dedupKeys(one)).toHaveLength(1);
    expect(alerts[0]?.event).toBe('trigger');
    expect(alerts.at(-1)?.event).toBe('resolve');
    expect(alerts.filter(({ kind }) => kind === 'partial')).toEqual([]);
    expect(one.world.failures.length).toBeGreaterThan(5);
    expect(await one.history()).toHaveLength(1);
    for (const region of REGIONS) expect((await one.rounds(region)).length).toBeGreaterThan(5);
  });
});

/** The same numbers for the same seed, 0 up to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
