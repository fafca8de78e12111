import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from '../../lib/round/observation.ts';
import { type DnsServer, dnsServer } from '../support/dns-server.ts';
import { REGIONS, storyTeller } from '../support/flow-story.ts';
import { Shop } from '../support/shop.ts';

const NAME = 'shop.test';
const ODD = 'us-east-1';
const OTHERS = REGIONS.filter((region) => region !== ODD);

describe('an outage that one region alone sees', () => {
  const { shop, story } = storyTeller();
  const resolvers = new Map<string, DnsServer>();

  beforeAll(async () => {
    for (const region of REGIONS) resolvers.set(region, await dnsServer());
  });
  afterAll(async () => {
    for (const resolver of resolvers.values()) await resolver.close();
  });

  const answer = (region: string, addresses: readonly string[]): void =>
    resolvers.get(region)?.set(NAME, { a: addresses });

  const named = () => {
    for (const region of REGIONS) answer(region, [shop.address]);
    const environment = (region: string) => ({ resolver: resolvers.get(region)?.resolver ?? null });
    return story({ host: NAME }, { environment });
  };

  it('is told as a dead address when its resolver gives one, and all others have tried the same', async () => {
    const one = named();
    await one.begin();
    const startedAt = one.world.nowMs;
    answer(ODD, ['127.0.0.7']);
    expect(await one.passUntilTold('trigger', 120)).toBe(true);
    expect(one.alerts()[0]).toMatchObject({
      kind: 'partial',
      rule: 'dead_address_from_some',
      severity: 'P2',
      failingRegions: [ODD],
      listeningRegions: OTHERS,
      unknownRegions: [],
    });
    const confirms = one.delivered('confirm', startedAt);
    const triesOf = ({ message }: (typeof confirms)[number]) =>
      message.kind === 'confirm' ? message.tries : [];
    const asked = confirms.filter((order) => triesOf(order).every(({ elsewhere }) => !elsewhere));
    expect(asked.map(({ region }) => region).sort()).toEqual([...OTHERS].sort());
    for (const order of asked) {
      expect(triesOf(order).map(({ address }) => address)).toEqual(['127.0.0.7']);
    }
    const compared = confirms.filter((order) => !asked.includes(order));
    expect(compared.map((order) => [order.region, triesOf(order).map(({ address }) => address)])).toEqual([
      [ODD, ['127.0.0.1']],
    ]);
    const [report] =
      one.alerts()[0]?.regions.filter(({ region }: { region: string }) => region === ODD) ?? [];
    expect(report).toMatchObject({
      address: '127.0.0.7',
      elsewhere: { address: '127.0.0.1', outcome: 'ok' },
    });
    for (const region of OTHERS) {
      const confirmed = (await one.rounds(region)).filter(({ cause }) => cause.kind === 'confirm').at(-1);
      const tried = confirmed?.observations.map((seen) => [
        'address' in seen ? seen.address : null,
        seen.passed,
      ]);
      expect(tried).toEqual([
        ['127.0.0.7', false],
        ['127.0.0.1', true],
      ]);
    }
    answer(ODD, [shop.address]);
    expect(await one.passUntilTold('resolve', 240)).toBe(true);
    await one.world.pass(120);
    expect(one.events()).toEqual(['trigger', 'resolve']);
    expect(one.world.failures).toEqual([]);
  });

  it('is not over because another address of the answer passes', async () => {
    const dead = new Shop('127.0.0.7');
    dead.port = shop.port;
    await dead.open();
    const one = named();
    for (const region of REGIONS) answer(region, [shop.address, dead.address]);
    await one.begin();
    await dead.close();
    expect(await one.passUntilTold('trigger', 300)).toBe(true);
    await one.world.pass(600);
    const states = Object.values((await one.state())?.regions ?? {});
    expect(states.filter(({ state }) => state === 'recovering')).toEqual([]);
    expect(one.events()).not.toContain('resolve');
    await dead.open();
    expect(await one.passUntilTold('resolve', 180)).toBe(true);
    expect(new Set(one.alerts().map(({ dedupKey }) => dedupKey)).size).toBe(1);
    await dead.close();
  });

  describe('one dead address of two', () => {
    const dead = new Shop('127.0.0.7');

    /** All regions have met the dead address, and it was told. */
    const metByAll = async () => {
      dead.port = shop.port;
      await dead.open();
      const one = named();
      for (const region of REGIONS) answer(region, [shop.address, dead.address]);
      await one.begin();
      await dead.close();
      const met = async () => (await one.state())?.incident?.failingRegions.length === REGIONS.length;
      expect(await one.world.passUntil(met, 600)).toBe(true);
      await one.world.pass(600);
      return one;
    };
    type Two = Awaited<ReturnType<typeof metByAll>>;
    const kinds = (one: Two) => new Set(one.alerts().map(({ kind, rule }) => `${kind} ${rule}`));
    const PARTIAL = 'partial dead_address_from_some';
    afterEach(() => dead.close());

    it('is told once, never as down, and costs no judge call while it lasts', async () => {
      const one = await metByAll();
      expect(one.events().filter((event) => event !== 'update')).toEqual(['trigger']);
      expect([...kinds(one)]).toEqual([PARTIAL]);
      expect(one.alerts().at(-1)).toMatchObject({ failingRegions: REGIONS, listeningRegions: [] });
      const [round] = (await one.rounds(ODD)).slice(-1);
      expect(round?.observations.map((seen) => [addressOf(seen), seen.passed])).toEqual([
        [dead.address, false],
        [shop.address, true],
      ]);
      const since = one.world.nowMs;
      const events = one.events().length;
      await one.world.pass(900);
      expect([one.delivered('news', since), one.delivered('confirm', since)]).toEqual([[], []]);
      expect(one.delivered('retry', since)).toEqual([]);
      expect(one.events()).toHaveLength(events);
      await dead.open();
      expect(await one.passUntilTold('resolve', 180)).toBe(true);
      expect([...kinds(one)]).toEqual([PARTIAL]);
    });

    it('is over once DNS no longer gives it', async () => {
      const one = await metByAll();
      for (const region of REGIONS) answer(region, [shop.address]);
      expect(await one.passUntilTold('resolve', 300)).toBe(true);
      await one.world.pass(600);
      expect([...kinds(one)]).toEqual([PARTIAL]);
      expect(one.events().filter((event) => event !== 'update')).toEqual(['trigger', 'resolve']);
    });

    it('is an outage once the other one dies as well', async () => {
      const one = await metByAll();
      const sweptFrom = one.world.nowMs;
      const swept = async () => one.delivered('sweep', sweptFrom).length > 0;
      expect(await one.world.passUntil(swept, 330)).toBe(true);
      await shop.close();
      const told = async () => one.alerts().at(-1)?.kind === 'down';
      expect(await one.world.passUntil(told, 90)).toBe(true);
      expect(one.alerts().at(-1)).toMatchObject({ event: 'update', rule: 'not_listening', severity: 'P1' });
      await shop.open();
      await dead.open();
      expect(await one.passUntilTold('resolve', 180)).toBe(true);
      expect(new Set(one.alerts().map(({ dedupKey }) => dedupKey)).size).toBe(1);
    });

    it('is an outage once DNS gives nothing else', async () => {
      const one = await metByAll();
      for (const region of REGIONS) answer(region, [dead.address]);
      const told = async () => one.alerts().at(-1)?.kind === 'down';
      expect(await one.world.passUntil(told, 600)).toBe(true);
    });
  });
});
