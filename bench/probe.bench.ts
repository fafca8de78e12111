import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Handshake } from '../lib/outcome/outcome.ts';
import { Gate } from '../lib/probe/gate.ts';
import { climbAll, type Prober } from '../lib/probe/group.ts';
import { attempt, type Target } from '../lib/probe/ladder.ts';
import type { Timings } from '../lib/round/observation.ts';
import { type Bench, type Figure, quantile } from './bench.ts';
import { climb, keepInFlight } from './climb.ts';
import { NAME, type PeerReady } from './peer-ready.ts';
import { countSent, type Sent } from './wire.ts';

/** The first handshakes of a process pay for its compiling. */
const WARM_UP = 300;
const IN_FLIGHT = [1, 10, 100, 500] as const;
const COSTED = 500;
const COSTED_IN_FLIGHT = 8;
const ROUNDS = 3;
const WEIGHED = 20;
const GROUP = 500;

const tlsMsOf = ({ timings }: { readonly timings: Timings }): number => timings.tlsMs ?? Number.NaN;

const targetOf = (peer: PeerReady, handshake: Handshake): Target => ({
  tag: 1,
  host: NAME,
  port: peer.port,
  handshake,
  addressFamily: 'ipv4',
  certificate: 'verify',
});

/** On loopback a SYN is answered within microseconds, so what a clock says beyond that is its error. */
async function clocks(peer: PeerReady, progress: (text: string) => void): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const inFlight of IN_FLIGHT) {
    const times = Math.max(300, 4 * inFlight);
    progress(`${times} http2 handshakes, ${inFlight} in flight`);
    const climbed = await keepInFlight(inFlight, times, () => climb(peer));
    const own = climbed.map(({ tcpMs }) => tcpMs);
    const loop = climbed.map(({ loopMs }) => loopMs);
    const clock = climbed.every((one) => one.clock === 'kernel') ? 'kernel' : 'loop (no koffi here)';
    const where = `tcp, ${inFlight} in flight`;
    figures.push(
      { what: `${where}, ${clock} clock, median`, value: quantile(own, 0.5), unit: 'ms' },
      {
        what: `${where}, ${clock} clock, p99`,
        value: quantile(own, 0.99),
        unit: 'ms',
        ...(inFlight === 500 ? { atMost: 0.1 } : {}),
      },
      { what: `${where}, event loop's clock, median`, value: quantile(loop, 0.5), unit: 'ms' },
      { what: `${where}, event loop's clock, p99`, value: quantile(loop, 0.99), unit: 'ms' },
    );
  }
  return figures;
}

/** Of this process alone, all its threads; the peer's is its own. The middle one of some rounds. */
async function cost(
  peer: PeerReady,
  handshake: Handshake,
  progress: (text: string) => void,
): Promise<Figure> {
  progress(`${ROUNDS} × ${COSTED} ${handshake} handshakes, ${COSTED_IN_FLIGHT} in flight`);
  const target = targetOf(peer, handshake);
  const one = async (): Promise<void> => {
    const { observation } = await attempt(
      target,
      { address: '127.0.0.1', at: Date.now() },
      { allowPrivateAddresses: true, trust: [peer.authority] },
    );
    if (!observation.passed) throw new Error(`${handshake} failed`, { cause: observation });
  };
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    await keepInFlight(COSTED_IN_FLIGHT, COSTED, one);
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / COSTED);
  }
  const value = quantile(rounds, 0.5);
  const atMost = handshake === 'http2' ? { atMost: 600 } : {};
  return { what: `CPU of one ${handshake} handshake`, value, unit: 'µs', ...atMost };
}

async function weight(peer: PeerReady): Promise<readonly Figure[]> {
  const sent: Sent[] = [];
  for (let left = WEIGHED; left > 0; left -= 1) {
    let counting: Promise<Sent> | null = null;
    await climb(peer, (socket) => {
      counting = countSent(socket);
    });
    if (counting !== null) sent.push(await counting);
  }
  const middle = (of: (one: Sent) => number): Pick<Figure, 'value' | 'note'> =>
    sent.length > 0 ? { value: quantile(sent.map(of), 0.5) } : { value: null, note: 'no koffi here' };
  return [
    { what: 'payload sent by one http2 handshake', ...middle((one) => one.payloadBytes), unit: 'bytes' },
    {
      what: 'sent with IPv4 and TCP headers',
      ...middle((one) => one.wireBytes),
      unit: 'bytes',
      atMost: 1200,
      ...(sent[0]
        ? {
            note: `${quantile(
              sent.map((one) => one.segments),
              0.5,
            )} segments`,
          }
        : {}),
    },
  ];
}

/** What a prober does: its own pace, not ours. The same peer each time, so the spacing per address is off. */
async function group(peer: PeerReady, progress: (text: string) => void): Promise<readonly Figure[]> {
  progress(`a group of ${GROUP} at the prober's own pace`);
  const prober: Prober = {
    resolver: null,
    allowPrivateAddresses: true,
    ipv6: false,
    controls: [],
    sourceAddress: () => null,
    trust: [peer.authority],
    gate: new Gate(0),
  };
  const one = { address: '127.0.0.1', pin: 'must', orOther: false, rotation: 0 } as const;
  const tries = Array.from({ length: GROUP }, () => ({ ...one, target: targetOf(peer, 'http2') }));
  const alone: number[] = [];
  for (let left = 50; left > 0; left -= 1) {
    const { observations } = await climbAll(tries.slice(0, 1), prober);
    alone.push(...observations.map(tlsMsOf));
  }
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const { observations } = await climbAll(tries, prober);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const passing = observations.filter(({ passed }) => passed);
  if (passing.length < GROUP)
    throw new Error(`${GROUP - passing.length} of the group failed`, { cause: observations });
  const clean = observations.flatMap((seen) =>
    seen.passed && !seen.tainted.includes('tls') ? [tlsMsOf(seen) - quantile(alone, 0.5)] : [],
  );
  return [
    { what: `group of ${GROUP}: handshakes`, value: GROUP / seconds, unit: 'per s' },
    {
      what: `group of ${GROUP}: processor used`,
      value: (user + system) / 1e4 / seconds,
      unit: '%',
      note: '100 % is one core',
    },
    {
      what: `group of ${GROUP}: tls timings marked as tainted`,
      value: 100 * (1 - clean.length / GROUP),
      unit: '%',
    },
    {
      what: `group of ${GROUP}: tls beyond its median alone, p99 of the others`,
      value: quantile(clean, 0.99),
      unit: 'ms',
      atMost: 2,
    },
  ];
}

async function run(progress: (text: string) => void): Promise<readonly Figure[]> {
  const child = fork(fileURLToPath(new URL('peer.ts', import.meta.url)));
  try {
    const [peer]: readonly PeerReady[] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('the peer did not start'))),
    ]);
    if (!peer) throw new Error('the peer said nothing');
    progress(`${WARM_UP} handshakes to warm up`);
    await keepInFlight(COSTED_IN_FLIGHT, WARM_UP, () => climb(peer));
    const figures: Figure[] = [];
    for (const handshake of ['tcp', 'tls', 'http2'] as const)
      figures.push(await cost(peer, handshake, progress));
    figures.push(
      ...(await weight(peer)),
      ...(await group(peer, progress)),
      ...(await clocks(peer, progress)),
    );
    return figures;
  } finally {
    if (child.connected) child.disconnect();
  }
}

export const bench: Bench = {
  title: "timing error and cost of the prober's handshakes with Node's HTTP/2 server on loopback",
  run,
};
