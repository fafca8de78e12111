import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stage } from '../../lib/outcome/outcome.ts';
import { Names } from '../../lib/probe/resolve.ts';
import type { Observation } from '../../lib/round/observation.ts';
import { HOSTILE_PEERS } from '../support/hostile/all.ts';
import { HOSTILE_ANSWERS } from '../support/hostile/dns.ts';
import type { Done, Wish } from '../support/hostile/job.ts';
import { type HostileWorld, hostileWorld } from '../support/hostile/world.ts';

const MANY = 64;
/** How much later than its stage's timeout a try may end. */
const SLACK_MS = 500;
const MOST_BYTES = 20 * 2 ** 20;
const LIMITS = { connectMs: 1000, tlsMs: 2000, http2Ms: 1500 };

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
});
afterAll(() => world.close());

const HEALTHY: Wish = { peer: null, handshake: 'http2' };
const healthy = (): Wish[] => Array.from({ length: MANY }, () => HEALTHY);
const wishes = HOSTILE_PEERS.map(({ name, handshake }): Wish => ({ peer: name, handshake }));
const mixed = (): Wish[] => Array.from({ length: MANY }, (_, n) => wishes[n % wishes.length] ?? HEALTHY);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const timingOf = (observation: Observation, stage: Exclude<Stage, 'dns'>): number | undefined =>
  observation.tainted.includes(stage) ? undefined : observation.timings[`${stage}Ms`];
const medianOf = (observations: readonly Observation[], stage: Exclude<Stage, 'dns'>): number =>
  median(observations.map((one) => timingOf(one, stage)).filter((ms) => ms !== undefined));

describe('a hostile peer', () => {
  let done: Done;
  beforeAll(async () => {
    done = await world.probe({ limits: LIMITS, groups: [wishes], alone: true });
  });

  describe.each(HOSTILE_PEERS.map((peer, index) => ({ ...peer, index })))('$name', ({ index, ...peer }) => {
    it('is called what it is, in time', () => {
      const [group] = done.groups;
      expect(group?.observations[index]).toMatchObject(peer.expect);
      const stagesMs = { tcp: LIMITS.connectMs, tls: LIMITS.tlsMs, http2: LIMITS.http2Ms };
      const stage = group?.observations[index]?.stage ?? 'tcp';
      const atMost = (stage === 'dns' ? 0 : stagesMs[stage]) + SLACK_MS;
      expect(group?.ms[index]).toBeLessThan(atMost);
    });
  });

  it('leaves nothing behind: the prober ended by itself', () => {
    expect(done.left.filter((resource) => resource !== 'PipeWrap')).toEqual([]);
  });
});

describe('memory', () => {
  it('of 64 at once, a kind that fills it most by kind, and all kinds together', async () => {
    const heavy = HOSTILE_PEERS.filter(({ fillsMemory }) => fillsMemory);
    const groups = [
      ...heavy.map(({ name, handshake }) => Array.from({ length: MANY }, () => ({ peer: name, handshake }))),
      mixed(),
    ];
    const done = await world.probe({
      limits: { connectMs: 1000, tlsMs: 1000, http2Ms: 300 },
      // What a process takes once for its first handshakes is not their doing.
      groups: [healthy(), healthy(), ...groups],
      alone: false,
    });
    const extra = done.groups.slice(2).map(({ extraBytes }, n) => [heavy[n]?.name ?? 'all kinds', extraBytes]);
    console.log(done.groups.map(({ extraBytes, ms }) => [extraBytes / 1e6, ms]))
    expect(extra.filter(([, bytes]) => Number(bytes) > MOST_BYTES)).toEqual([]);
  });
});

describe('neighbours', () => {
  it('64 healthy peers beside 64 hostile ones pass, as fast as alone', async () => {
    const beside = [...healthy(), ...mixed()];
    const order = beside.map((_, n) => (n % 2 === 0 ? n / 2 : MANY + (n - 1) / 2));
    const shuffled = order.map((n) => beside[n] ?? HEALTHY);
    const done = await world.probe({
      limits: { connectMs: 1000, tlsMs: 2500, http2Ms: 1500 },
      groups: [healthy(), healthy(), shuffled],
      alone: false,
    });
    const alone = done.groups[1]?.observations ?? [];
    const neighbours = (done.groups[2]?.observations ?? []).filter((_, n) => shuffled[n]?.peer === null);
    expect(neighbours).toHaveLength(MANY);
    expect(neighbours.filter(({ passed }) => !passed)).toEqual([]);
    expect(neighbours.every((one) => 'tcpClock' in one)).toBe(true);
    const ratio = (stage: 'tcp' | 'tls' | 'http2'): number =>
      medianOf(neighbours, stage) / medianOf(alone, stage);
    console.log((['tcp', 'tls', 'http2'] as const).map((stage) => [stage, medianOf(alone, stage), medianOf(neighbours, stage)]), neighbours.filter((o) => o.tainted.length).length);
    expect(ratio('tcp')).toBeLessThan(3);
    expect(ratio('tls')).toBeLessThan(3);
    expect(ratio('http2')).toBeLessThan(3);
  });
});

describe.concurrent('a hostile resolver', () => {
  it.each(HOSTILE_ANSWERS)('$name', async ({ name, expect: expected }) => {
    const names = new Names(world.peers.resolver);
    const from = performance.now();
    const answer = await names.lookUp(`shop.${name}.test`, 'ipv4');
    names.close();
    expect(performance.now() - from).toBeLessThan(4000 + SLACK_MS);
    if (expected.ok) expect(answer.ok && answer.addresses.length).toBe(expected.addresses);
    else expect(answer).toMatchObject(expected);
  });
});
