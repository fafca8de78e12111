import { Gate } from '../lib/probe/gate.ts';
import { climbAll, type Prober } from '../lib/probe/group.ts';
import type { Timings } from '../lib/round/observation.ts';
import { type Figure, quantile } from './bench.ts';
import { climb, keepInFlight } from './climb.ts';
import type { PeerReady } from './peer-ready.ts';
import { targetOf } from './target.ts';

const IN_FLIGHT = [1, 10, 100, 500] as const;
const GROUP = 500;

const tlsMsOf = ({ timings }: { readonly timings: Timings }): number => timings.tlsMs ?? Number.NaN;

/** On loopback a SYN is answered within microseconds, so what a clock says beyond that is its error. */
export async function clocks(peer: PeerReady, progress: (text: string) => void): Promise<readonly Figure[]> {
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

/** What a prober does: its own pace, not ours. The same peer each time, so the spacing per address is off. */
export async function group(peer: PeerReady, progress: (text: string) => void): Promise<readonly Figure[]> {
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
