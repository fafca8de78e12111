import { type Figure, quantile } from './bench.ts';
import { climb, keepInFlight } from './climb.ts';
import { climbGroup, tlsMsOf } from './group.ts';
import type { PeerReady } from './peer-ready.ts';

const IN_FLIGHT = [1, 10, 100, 500] as const;
const GROUP = 500;

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

/** What a prober does: its own pace, not ours. */
export async function group(peer: PeerReady, progress: (text: string) => void): Promise<readonly Figure[]> {
  progress(`a group of ${GROUP} at the prober's own pace`);
  const alone: number[] = [];
  for (let left = 50; left > 0; left -= 1)
    alone.push(...(await climbGroup(peer, 1)).observations.map(tlsMsOf));
  const cpu = process.cpuUsage();
  const { observations, seconds } = await climbGroup(peer, GROUP);
  const { user, system } = process.cpuUsage(cpu);
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
