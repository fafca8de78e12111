import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { type Figure, quantile } from './bench.ts';
import { curls } from './clients.ts';
import { climb, keepInFlight } from './climb.ts';
import type { Field } from './peers-field.ts';

const ROUNDS = 3;

interface Level {
  readonly name: string;
  readonly inFlight: number;
  /** In each round; curl's, once. */
  readonly times: number;
  readonly curls: number;
  /** While as many processes as there are cores do nothing but turn round. */
  readonly busy: boolean;
}

const LEVELS: readonly Level[] = [
  { name: '1 in flight', inFlight: 1, times: 200, curls: 50, busy: false },
  { name: '10 in flight', inFlight: 10, times: 200, curls: 100, busy: false },
  { name: '100 in flight', inFlight: 100, times: 400, curls: 200, busy: false },
  { name: '500 in flight', inFlight: 500, times: 1000, curls: 500, busy: false },
  { name: '500 in flight, every core busy', inFlight: 500, times: 1000, curls: 500, busy: true },
];

/** p99 and median of each round, by who said it. */
type Said = Map<string, { readonly p99: number; readonly median: number }[]>;

/**
 * What each prober says a TCP handshake took. The kernel answers a SYN on loopback within microseconds, on the sender's own
 * time, so all beyond that is the prober's error. The middle of some rounds, everybody in turn.
 */
export async function clocks(field: Field): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const level of LEVELS) {
    field.progress(`${ROUNDS} × ${level.times} http2 handshakes, ${level.name}`);
    const burners = level.busy ? burn() : [];
    try {
      figures.push(...figuresOf(level, await measure(level, field)));
    } finally {
      for (const burner of burners) burner.kill('SIGKILL');
    }
  }
  return figures;
}

async function measure({ inFlight, times, curls: some }: Level, field: Field): Promise<Said> {
  const { nginx, blackbox, children, has } = field;
  const said: Said = new Map();
  const add = (who: string, ms: readonly number[]): void => {
    const round = { p99: quantile(ms, 0.99), median: quantile(ms, 0.5) };
    said.set(who, [...(said.get(who) ?? []), round]);
  };
  for (let round = 1; round <= ROUNDS; round += 1) {
    const ours = await keepInFlight(inFlight, times, () => climb(nginx));
    const clock = ours.every((one) => one.clock === 'kernel') ? 'kernel' : 'loop (no koffi here)';
    add(
      `Parallax, ${clock} clock`,
      ours.map(({ tcpMs }) => tcpMs),
    );
    add(
      "Parallax, event loop's clock",
      ours.map(({ loopMs }) => loopMs),
    );
    if (!blackbox) continue;
    const theirs = await keepInFlight(inFlight, times, () => blackbox.probe('http2'));
    add(
      'blackbox_exporter',
      theirs.map(({ connectMs }) => connectMs),
    );
  }
  if (has.has('curl')) {
    const { timings } = await curls(children, nginx, { inFlight, times: some });
    add(
      'curl',
      timings.map(({ connectMs }) => connectMs),
    );
  }
  return said;
}

function figuresOf({ name, inFlight }: Level, said: Said): readonly Figure[] {
  const middles = [...said].map(([who, rounds]) => ({
    who,
    p99: quantile(
      rounds.map(({ p99 }) => p99),
      0.5,
    ),
    median: quantile(
      rounds.map(({ median }) => median),
      0.5,
    ),
  }));
  const [ours] = middles;
  if (!ours) return [];
  return middles.map((one) => ({
    what: `tcp p99, ${name}, ${one.who}`,
    value: one.p99,
    unit: 'ms',
    median: one.median,
    ...(one === ours ? {} : { timesOurs: one.p99 / ours.p99 }),
    ...(one === ours && inFlight === 500 ? { atMost: 0.1 } : {}),
  }));
}

const burn = () =>
  Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['--eval', 'for (;;);'], { stdio: 'ignore' }),
  );
