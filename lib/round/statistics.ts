import type { Stage } from '../outcome/outcome.ts';
import type { Observation, Timings } from './observation.ts';

/** Durations of one stage, over the tries that finished it. */
export interface StageStatistics {
  /** Durations that count. */
  readonly count: number;
  /** null: none counts. */
  readonly medianMs: number | null;
  /** Nearest rank; null: none counts. */
  readonly p95Ms: number | null;
  /** Left out: our own event loop may have spoiled them. */
  readonly tainted: number;
  /** Left out, of tcp alone: a SYN had to be sent again, so they time the loss and not the path. */
  readonly synRetransmitted: number;
}

/** What the tries of one endpoint from one region took. */
export interface TimingStatistics {
  readonly tries: number;
  readonly passed: number;
  /** How many of the tcp durations that count are by which clock. */
  readonly tcpClock: { readonly kernel: number; readonly loop: number };
  /** The shortest round trip of all connections, ms; null: the kernel never said. */
  readonly minRttMs: number | null;
  readonly dns: StageStatistics;
  readonly tcp: StageStatistics;
  readonly tls: StageStatistics;
  readonly http2: StageStatistics;
}

/**
 * The statistics of some observations. What is not the network's is left out and counted: durations of stages that are
 * tainted, and connects that needed a SYN sent again. A try that failed counts in the stages that it finished.
 */
export function statisticsOf(observations: readonly Observation[]): TimingStatistics {
  const clocks = { kernel: 0, loop: 0 };
  let minRttMs: number | null = null;
  for (const one of observations) {
    if (!one.passed && one.stage === 'dns') continue;
    if (standingOf(one, 'tcp') === 'counts') clocks[one.tcpClock] += 1;
    if (one.minRttMs !== undefined) minRttMs = Math.min(minRttMs ?? one.minRttMs, one.minRttMs);
  }
  return {
    tries: observations.length,
    passed: observations.filter(({ passed }) => passed).length,
    tcpClock: clocks,
    minRttMs,
    dns: ofStage(observations, 'dns'),
    tcp: ofStage(observations, 'tcp'),
    tls: ofStage(observations, 'tls'),
    http2: ofStage(observations, 'http2'),
  };
}

const TIMING = { dns: 'dnsMs', tcp: 'tcpMs', tls: 'tlsMs', http2: 'http2Ms' } as const satisfies Record<
  Stage,
  keyof Timings
>;

type Standing = 'counts' | 'tainted' | 'synRetransmitted' | 'unfinished';

/** Whether the duration of a stage is the network's. */
function standingOf(observation: Observation, stage: Stage): Standing {
  const timings: Timings = observation.timings;
  if (timings[TIMING[stage]] === undefined) return 'unfinished';
  if (!observation.passed && observation.stage === 'dns') return 'counts';
  if (stage === 'tcp' && observation.synRetransmits > 0) return 'synRetransmitted';
  return observation.tainted.includes(stage) ? 'tainted' : 'counts';
}

function ofStage(observations: readonly Observation[], stage: Stage): StageStatistics {
  const sorted: number[] = [];
  const leftOut = { tainted: 0, synRetransmitted: 0 };
  for (const one of observations) {
    const standing = standingOf(one, stage);
    const timings: Timings = one.timings;
    if (standing === 'counts') sorted.push(timings[TIMING[stage]] ?? Number.NaN);
    else if (standing !== 'unfinished') leftOut[standing] += 1;
  }
  sorted.sort((one, other) => one - other);
  const low = sorted[(sorted.length - 1) >> 1];
  const high = sorted[sorted.length >> 1];
  return {
    count: sorted.length,
    medianMs: low === undefined || high === undefined ? null : (low + high) / 2,
    p95Ms: sorted[Math.ceil(0.95 * sorted.length) - 1] ?? null,
    ...leftOut,
  };
}
