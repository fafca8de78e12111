import { type Figure, quantile } from './bench.ts';
import { keepInFlight } from './climb.ts';
import { climbGroup, tlsMsOf } from './group.ts';
import type { Nginx } from './nginx.ts';
import type { Field } from './peers-field.ts';

const ROUNDS = 3;
const GROUP = 500;
const ALONE = 50;

/** A group's TLS timings beyond the median of a handshake alone. */
interface Beyond {
  readonly p99: number;
  readonly median: number;
}

/**
 * TLS timings of a group of 500. Parallax starts them at its own pace; blackbox_exporter is asked for as many, once all at the same moment and
 * once evenly over as long as Parallax took.
 */
export async function ownPace({ nginx, blackbox, progress }: Field): Promise<readonly Figure[]> {
  const ours: (Beyond & { readonly perSecond: number; readonly taintedShare: number })[] = [];
  const evenly: Beyond[] = [];
  const atOnce: Beyond[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`a group of ${GROUP} at the prober's own pace, round ${round} of ${ROUNDS}`);
    const group = await oursOf(nginx);
    ours.push(group);
    if (!blackbox) continue;
    const one = async (): Promise<number> => (await blackbox.probe('http2')).tlsMs;
    const alone = quantile(await keepInFlight(1, ALONE, one), 0.5);
    evenly.push(beyond(await startEvenly(one, group.perSecond), alone));
    atOnce.push(beyond(await keepInFlight(GROUP, GROUP, one), alone));
  }
  const middle = <T>(rounds: readonly T[], of: (round: T) => number): number => quantile(rounds.map(of), 0.5);
  const p99 = middle(ours, (round) => round.p99);
  const theirs = (rounds: readonly Beyond[], how: string): readonly Figure[] =>
    rounds.length === 0
      ? []
      : [
          {
            what: `tls beyond alone, p99, group of ${GROUP}, blackbox_exporter asked ${how}`,
            value: middle(rounds, (round) => round.p99),
            unit: 'ms',
            median: middle(rounds, (round) => round.median),
            timesOurs: middle(rounds, (round) => round.p99) / p99,
          },
        ];
  return [
    {
      what: `tls beyond alone, p99, group of ${GROUP}, Parallax at its own pace`,
      value: p99,
      unit: 'ms',
      atMost: 2,
      median: middle(ours, (round) => round.median),
      note: `${middle(ours, (round) => round.perSecond).toFixed(0)} per s, ${middle(ours, (round) => 100 * round.taintedShare).toFixed(1)} % marked as tainted and left out`,
    },
    ...theirs(evenly, 'at the same pace'),
    ...theirs(atOnce, 'all at once'),
  ];
}

async function oursOf(nginx: Nginx) {
  const alone: number[] = [];
  for (let left = ALONE; left > 0; left -= 1) {
    const { observations } = await climbGroup(nginx, 1);
    alone.push(...observations.map(tlsMsOf));
  }
  const { observations, seconds } = await climbGroup(nginx, GROUP);
  const clean = observations.flatMap((seen) =>
    seen.passed && !seen.tainted.includes('tls') ? [tlsMsOf(seen)] : [],
  );
  return {
    ...beyond(clean, quantile(alone, 0.5)),
    perSecond: GROUP / seconds,
    taintedShare: 1 - clean.length / GROUP,
  };
}

const beyond = (values: readonly number[], alone: number): Beyond => ({
  p99: quantile(values, 0.99) - alone,
  median: quantile(values, 0.5) - alone,
});

/** Starts a group one after the other at a steady rate; each timer's turn catches up with what is due. */
function startEvenly(one: () => Promise<number>, perSecond: number): Promise<readonly number[]> {
  const begun = performance.now();
  const started: Promise<number>[] = [];
  return new Promise((resolve) => {
    const turn = (): void => {
      const due = Math.min(GROUP, Math.ceil(((performance.now() - begun) * perSecond) / 1000));
      while (started.length < due) started.push(one());
      if (started.length < GROUP) setTimeout(turn, 1);
      else resolve(Promise.all(started));
    };
    turn();
  });
}
