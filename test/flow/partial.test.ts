import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    const asked = one.delivered('confirm', startedAt);
    expect(asked.map(({ region }) => region).sort()).toEqual([...OTHERS].sort());
    for (const { message } of asked) {
      expect(message.kind === 'confirm' && message.tries.map(({ address }) => address)).toEqual([
        '127.0.0.7',
      ]);
    }
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
    expect(await one.passUntilTold('resolve', 120)).toBe(true);
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
});
