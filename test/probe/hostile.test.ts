import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Handshake } from '../../lib/outcome/outcome.ts';
import { type DnsAnswer, type DnsFailure, Names } from '../../lib/probe/resolve.ts';
import type { Observation, Timings } from '../../lib/round/observation.ts';
import { HOSTILE_PEERS } from '../support/hostile/all.ts';
import { HOSTILE_ANSWERS } from '../support/hostile/dns-answers.ts';
import type { Done, Wish } from '../support/hostile/job.ts';
import type { Hostile } from '../support/hostile/peer.ts';
import { type HostileWorld, hostileWorld } from '../support/hostile/world.ts';

const MANY = 64;
/** How much later than the timeouts of its stages a try may end. */
const SLACK_MS = 500;
const MOST_BYTES = 20 * 2 ** 20;
const LIMITS = { connectMs: 1000, tlsMs: 3000, http2Ms: 3000 };
const UNTIL = { dns: 0, tcp: LIMITS.connectMs, tls: LIMITS.tlsMs, http2: LIMITS.tlsMs + LIMITS.http2Ms };
const DNS_MS = 4000;

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
}, 60_000);
afterAll(() => world.close());

const HEALTHY: Wish = { peer: null, handshake: 'http2' };
const healthy = (): Wish[] => Array.from({ length: MANY }, () => HEALTHY);
const wishOf = ({ name, handshake }: Hostile): Wish => ({ peer: name, handshake });
const wishes = HOSTILE_PEERS.map(wishOf);
const mixed = (): Wish[] => Array.from({ length: MANY }, (_, n) => wishes[n % wishes.length] ?? HEALTHY);

interface Looked {
  readonly answer: DnsAnswer | DnsFailure;
  readonly ms: number;
}

async function lookUp(name: string): Promise<Looked> {
  const names = new Names(world.peers.resolver);
  const from = performance.now();
  const answer = await names.lookUp(`shop.${name}.test`, 'ipv4');
  names.close();
  return { answer, ms: performance.now() - from };
}

const isSilent = ({ expect: expected }: Hostile): boolean =>
  !expected.passed && (expected.outcome === 'timeout' || expected.outcome === 'settings_timeout');

/** All that are waited for at once; a few of those that cost the processor at a time. */
function waves(): readonly (readonly Hostile[])[] {
  const busy = HOSTILE_PEERS.filter((peer) => !isSilent(peer));
  const cut = busy.flatMap((_, n) => (n % 8 === 0 ? [busy.slice(n, n + 8)] : []));
  return [HOSTILE_PEERS.filter(isSilent), ...cut];
}

describe('one of each', () => {
  let done: Done;
  const seen = new Map<string, { readonly observation: Observation | undefined; readonly ms: number }>();
  let looked: readonly Looked[];
  beforeAll(async () => {
    const looking = Promise.all(HOSTILE_ANSWERS.map(({ name }) => lookUp(name)));
    done = await world.probe({
      limits: LIMITS,
      groups: waves().map((wave) => wave.map(wishOf)),
      alone: true,
    });
    for (const [n, wave] of waves().entries()) {
      for (const [at, { name }] of wave.entries()) {
        const { observations, ms } = done.groups[n] ?? { observations: [], ms: [] };
        seen.set(name, { observation: observations[at], ms: ms[at] ?? Number.NaN });
      }
    }
    looked = await looking;
  }, 60_000);

  it.each(HOSTILE_PEERS)('peer: $name', ({ name, expect: expected }) => {
    expect(seen.get(name)?.observation).toMatchObject(expected);
    expect(seen.get(name)?.ms).toBeLessThan(UNTIL[expected.stage] + SLACK_MS);
  });

  it.each(HOSTILE_ANSWERS.map((one, n) => ({ ...one, n })))('resolver: $name', ({ n, expect: expected }) => {
    const { answer, ms } = looked[n] ?? { answer: undefined, ms: Number.NaN };
    expect(answer?.ok ? { ok: true, addresses: answer.addresses.length } : answer).toMatchObject(expected);
    expect(ms).toBeLessThan(DNS_MS + SLACK_MS);
  });

  it('leaves nothing behind: the prober ended by itself', () => {
    // Its own channel to the test.
    expect(done.left.filter((resource) => resource !== 'PipeWrap')).toEqual([]);
  });
});

// When the collector runs is chance: the least of a few tries is what they cost.
it('64 at once cost little memory: each kind that could cost much, and all kinds together', {
  retry: 2,
  timeout: 60_000,
}, async () => {
  const heavy = HOSTILE_PEERS.filter(({ fillsMemory }) => fillsMemory);
  const alike = heavy.map((peer) => Array.from({ length: MANY }, () => wishOf(peer)));
  // What a process takes once, for its first handshakes, is not their doing.
  const groups = [healthy(), healthy(), ...alike, mixed()];
  const done = await world.probe({ limits: { ...LIMITS, tlsMs: 1000, http2Ms: 300 }, groups, alone: false });
  const extra = done.groups.slice(2).map(({ extraBytes }, n) => [heavy[n]?.name ?? 'all kinds', extraBytes]);
  expect(extra).toHaveLength(heavy.length + 1);
  expect(extra.filter(([, bytes]) => Number(bytes) > MOST_BYTES)).toEqual([]);
});

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Of the timings that the prober itself vouches for. */
function medianOf(observations: readonly Observation[], stage: Handshake): number {
  const trusted = observations.map((one) => {
    if (one.stage === 'dns' || one.tainted.includes(stage)) return undefined;
    const timings: Timings = one.timings;
    return timings[`${stage}Ms`];
  });
  return median(trusted.filter((ms) => ms !== undefined));
}

it('64 healthy peers beside 64 hostile ones pass, and as fast as alone', {
  retry: 2,
  timeout: 60_000,
}, async () => {
  // Every other one.
  const beside = mixed().flatMap((wish) => [HEALTHY, wish]);
  const groups = [healthy(), healthy(), beside];
  const done = await world.probe({ limits: { ...LIMITS, tlsMs: 2500 }, groups, alone: false });
  const alone = done.groups[1]?.observations ?? [];
  const neighbours = done.groups[2]?.observations.filter((_, n) => beside[n] === HEALTHY) ?? [];
  expect(neighbours).toHaveLength(MANY);
  expect(neighbours.filter(({ passed }) => !passed)).toEqual([]);
  // All share the processors of one machine here; a loop that stood still would be off by tens of ms.
  const noiseMs = { tcp: 0.1, tls: 3, http2: 3 };
  for (const stage of ['tcp', 'tls', 'http2'] as const) {
    const most = 2 * medianOf(alone, stage) + noiseMs[stage];
    expect(medianOf(neighbours, stage), stage).toBeLessThan(most);
  }
});
