import { describe, expect, it } from 'vitest';
import type { Handshake } from '../../lib/outcome/outcome.ts';
import { now } from '../../lib/probe/clock.ts';
import { Gate } from '../../lib/probe/gate.ts';
import { climbAll, type Prober, type Try } from '../../lib/probe/group.ts';
import { Pacer } from '../../lib/probe/pace.ts';
import { tcpServer } from '../support/servers.ts';
import { silentPort } from '../support/silent-port.ts';

const block = (ms: number): void => {
  const end = now() + ms;
  while (now() < end);
};

describe('pacing', () => {
  it('narrows the gap while the loop is idle', async () => {
    const pacer = new Pacer();
    const first = pacer.gapMs;
    for (let n = 0; n < 60; n += 1) await pacer.turn('tls');
    expect(pacer.gapMs).toBeLessThan(first);
  });

  it('lets as many cheap tries begin as take the time of a dear one', async () => {
    const lasted = async (handshake: Handshake): Promise<number> => {
      const pacer = new Pacer();
      const begun = now();
      for (let n = 0; n < 40; n += 1) await pacer.turn(handshake);
      return now() - begun;
    };
    // The shortest of some: a machine with other work stretches any one of them.
    let [tcp, tls] = [Infinity, Infinity];
    for (let n = 0; n < 5; n += 1) {
      tcp = Math.min(tcp, await lasted('tcp'));
      tls = Math.min(tls, await lasted('tls'));
    }
    expect(tcp).toBeLessThan(tls / 2);
  });

  it('widens the gap when handshakes take the whole loop', async () => {
    const pacer = new Pacer();
    const first = pacer.gapMs;
    for (let n = 0; n < 20; n += 1) {
      await pacer.turn('tls');
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
      expect(await gate.pass(address, 'tls', Infinity)).toBe(true);
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
    expect(
      await Promise.all([
        gate.pass('a', 'tls', soon),
        gate.pass('a', 'tls', soon),
        gate.pass('b', 'tls', soon),
      ]),
    ).toEqual([true, false, true]);
  });
});

describe('a group', () => {
  it('waits for eight silent peers no longer than for one', async () => {
    const silent = await silentPort('127.0.1.9');
    const alive = await tcpServer();
    const connectMs = 500;
    const prober: Prober = {
      resolver: null,
      allowPrivateAddresses: true,
      ipv6: false,
      controls: [],
      sourceAddress: () => null,
      limits: { connectMs },
      gate: new Gate(0),
    };
    const lasted = async (silents: number): Promise<number> => {
      const tries = Array.from({ length: 64 }, (_, tag): Try => {
        const { address, port } = tag % 8 === 0 && tag / 8 < silents ? silent : alive;
        const target = { tag, host: address, port, handshake: 'tcp', certificate: 'verify' } as const;
        const asked = { address, pin: 'must', orOther: false, rotation: 0 } as const;
        return { ...asked, target: { ...target, addressFamily: 'ipv4' } };
      });
      const begun = now();
      const { observations } = await climbAll(tries, prober);
      expect(observations.filter(({ passed }) => !passed)).toHaveLength(silents);
      return now() - begun;
    };
    try {
      const one = await lasted(1);
      // One after another they would take seven times as long again.
      expect(await lasted(8)).toBeLessThan(one + 4 * connectMs);
    } finally {
      await Promise.all([silent.close(), alive.close()]);
    }
  });
});
