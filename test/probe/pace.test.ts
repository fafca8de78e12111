import { describe, expect, it } from 'vitest';
import { now } from '../../lib/probe/clock.ts';
import { Gate } from '../../lib/probe/gate.ts';
import { Pacer } from '../../lib/probe/pace.ts';

const block = (ms: number): void => {
  const end = now() + ms;
  while (now() < end);
};

describe('pacing', () => {
  it('narrows the gap while the loop is idle', async () => {
    const pacer = new Pacer();
    const first = pacer.gapMs;
    for (let n = 0; n < 60; n += 1) await pacer.turn();
    expect(pacer.gapMs).toBeLessThan(first);
  });

  it('widens the gap when handshakes take the whole loop', async () => {
    const pacer = new Pacer();
    const first = pacer.gapMs;
    for (let n = 0; n < 20; n += 1) {
      await pacer.turn();
      block(20);
    }
    expect(pacer.gapMs).toBeGreaterThan(2 * first);
  });
});

describe('the gate', () => {
  it('spaces the tries to one address, in the order asked, and lets others by', async () => {
    const gate = new Gate(100);
    const order: string[] = [];
    const go = async (address: string, name: string): Promise<number> => {
      expect(await gate.pass(address, Infinity)).toBe(true);
      order.push(name);
      return now();
    };
    const [first, second] = await Promise.all([go('a', 'a1'), go('a', 'a2'), go('b', 'b1')]);
    expect(order).toEqual(['a1', 'b1', 'a2']);
    expect(second - first).toBeGreaterThanOrEqual(99);
  });

  it('gives up a try that would have to wait too long, and only that', async () => {
    const gate = new Gate(200);
    const soon = now() + 50;
    expect(await Promise.all([gate.pass('a', soon), gate.pass('a', soon), gate.pass('b', soon)])).toEqual([
      true,
      false,
      true,
    ]);
  });
});
