import { describe, expect, it } from 'vitest';
import { roundsSince } from '../../lib/store/round.ts';
import { REGIONS, storyTeller } from '../support/flow-story.ts';

describe('retries', () => {
  const { shop, story } = storyTeller();

  it('of an endpoint that flaps are of one chain a region: a guest does not knock without end', async () => {
    const one = story({ intervalSeconds: 10 });
    await one.begin();
    const from = one.world.nowMs;
    for (let flap = 0; flap < 4; flap += 1) {
      await shop.close();
      await one.world.pass(22);
      await shop.open();
      await one.world.pass(20);
    }
    for (const region of REGIONS) {
      const rounds = await roundsSince(one.table, one.endpoint.cohort, region, from / 1000);
      const tries = rounds
        .filter(({ cause }) => cause.kind === 'retry')
        .flatMap(({ observations }) => observations);
      const perMinute = tries.length / ((one.world.nowMs - from) / 60_000);
      // One chain tries every 5 s at the most, 12 times a minute; where it turns, another may overlap for a try.
      expect(perMinute, region).toBeLessThanOrEqual(15);
      expect(tries.length, region).toBeGreaterThan(0);
    }
  });
});
