import { HANDSHAKES, type Handshake } from '../lib/outcome/outcome.ts';
import { attempt } from '../lib/probe/ladder.ts';
import { type Figure, quantile } from './bench.ts';
import { curls, idleCurls, sTime } from './clients.ts';
import { keepInFlight } from './climb.ts';
import type { Nginx } from './nginx.ts';
import type { Field } from './peers-field.ts';
import { targetOf } from './target.ts';

const ROUNDS = 3;
const IN_FLIGHT = 8;
/** Times in /proc are in steps of 10 ms: enough of each to make a step less than 3 %. */
const TIMES: Readonly<Record<Handshake, number>> = { tcp: 2000, tls: 600, http2: 600 };
const CURLS = 40;

/** µs of processor for one handshake, by who made it. */
type Costs = Map<string, number[]>;

/** What one handshake takes of the processor, user and system time; every prober in turn, the middle of some rounds. */
export async function costs({ nginx, blackbox, has, children, progress }: Field): Promise<readonly Figure[]> {
  const seen: Costs = new Map();
  const add = (who: string, cpuMs: number, times: number): void => {
    seen.set(who, [...(seen.get(who) ?? []), (1000 * cpuMs) / times]);
  };
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`what a handshake costs, round ${round} of ${ROUNDS}`);
    for (const rung of HANDSHAKES) {
      const times = TIMES[rung];
      add(`${rung} ours`, await oursMs(nginx, rung, times), times);
      if (!blackbox) continue;
      const before = blackbox.cpuMs();
      await keepInFlight(IN_FLIGHT, times, () => blackbox.probe(rung));
      add(`${rung} blackbox`, blackbox.cpuMs() - before, times);
    }
    if (blackbox) {
      const before = blackbox.cpuMs();
      await keepInFlight(IN_FLIGHT, TIMES.tcp, () => blackbox.ping());
      add('ping', blackbox.cpuMs() - before, TIMES.tcp);
    }
    if (has.has('openssl')) {
      const floor = await sTime(children, nginx);
      add('tls s_time', floor.cpuMs, floor.times);
    }
    if (!has.has('curl')) continue;
    const curled = await curls(children, nginx, { inFlight: 2, times: CURLS });
    add('http2 curl', curled.cpuMs, curled.times);
    const idle = await idleCurls(children, CURLS);
    add('idle curl', idle.cpuMs, idle.times);
  }
  return figuresOf(seen);
}

async function oursMs(nginx: Nginx, rung: Handshake, times: number): Promise<number> {
  const target = targetOf(nginx, rung);
  const options = { allowPrivateAddresses: true, trust: [nginx.authority] };
  const before = process.cpuUsage();
  await keepInFlight(IN_FLIGHT, times, async () => {
    const { observation } = await attempt(target, { address: '127.0.0.1', at: Date.now() }, options);
    if (!observation.passed) throw new Error(`${rung} failed`, { cause: observation });
  });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function figuresOf(seen: Costs): readonly Figure[] {
  const middle = (who: string): number => quantile(seen.get(who) ?? [], 0.5);
  const said = (who: string): string => `${Math.round(middle(who))} µs`;
  const other = (rung: Handshake, who: string, name: string, note: string): readonly Figure[] =>
    seen.has(`${rung} ${who}`)
      ? [
          {
            what: `CPU of one ${rung} handshake, ${name}`,
            value: middle(`${rung} ${who}`),
            unit: 'µs',
            timesOurs: middle(`${rung} ${who}`) / middle(`${rung} ours`),
            note,
          },
        ]
      : [];
  const asked = `${said('ping')} is what answering HTTP alone takes it`;
  const modules: Readonly<Record<Handshake, string>> = {
    tcp: `its tcp module; ${asked}`,
    tls: `its tcp module with tls; ${asked}`,
    http2: `its http module, which sends a request too; ${asked}`,
  };
  return HANDSHAKES.flatMap((rung): readonly Figure[] => [
    {
      what: `CPU of one ${rung} handshake, Parallax`,
      value: middle(`${rung} ours`),
      unit: 'µs',
      ...(rung === 'http2' ? { atMost: 600 } : {}),
    },
    ...other(rung, 'blackbox', 'blackbox_exporter', modules[rung]),
    ...other(rung, 's_time', 'openssl s_time', 'C, one at a time, no timings, no record'),
    ...other(
      rung,
      'curl',
      'curl',
      `a process each, ${said('idle curl')} of it for being one; sends a request too`,
    ),
  ]);
}
