import { stateAt } from './region-fold.ts';
import type { Newest, RegionReport, RegionState, TriedElsewhere } from './region-state.ts';

/**
 * What a region says, with times as text: the only description of it in status, alerts, incidents and checks.
 *
 * A failing region shows its newest *failing* try: an inconclusive one after it says nothing of the endpoint. `since` is when
 * the run began (its first failing or passing try), and for a silent region when it was last heard.
 */
export function reportOf(
  region: string,
  state: RegionState | undefined,
  nowMs: number,
  intervalSeconds: number,
): RegionReport {
  const name = stateAt(state, nowMs, intervalSeconds);
  if (!state)
    return {
      region,
      state: name,
      since: null,
      at: null,
      conclusiveAt: null,
      ...factsOf(null),
      elsewhere: null,
      tries: 0,
    };
  const fails = name === 'suspect' || name === 'failing';
  const shown = (fails ? state.failing : null) ?? state.newest;
  const since = name === 'unknown' ? (state.conclusiveAt ?? state.since) : state.since;
  return {
    region,
    state: name,
    since: timeText(since),
    at: shown && timeText(shown.at),
    conclusiveAt: state.conclusiveAt === null ? null : timeText(state.conclusiveAt),
    ...factsOf(shown),
    elsewhere: fails ? elsewhereOf(state) : null,
    tries: state.tries,
  };
}

/** What another address does: one that fails too says more than one that passes; of those the newest since the run began. */
function elsewhereOf({ elsewhere, failing, failingSince, passedAt }: RegionState): TriedElsewhere | null {
  if (elsewhere && elsewhere.address !== null) {
    const { address, at, evidence, stage, outcome } = elsewhere;
    return { address, at: timeText(at), evidence, stage, outcome };
  }
  const [newest] = Object.entries(passedAt)
    .filter(([address, at]) => address !== failing?.address && at > (failingSince ?? at))
    .sort(([, one], [, other]) => other - one);
  if (!newest) return null;
  const [address, at] = newest;
  return { address, at: timeText(at), evidence: 'listening', stage: null, outcome: 'ok' };
}

/** RFC 3339 UTC with milliseconds. */
function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

type Facts = Omit<RegionReport, 'region' | 'state' | 'since' | 'at' | 'conclusiveAt' | 'elsewhere' | 'tries'>;

function factsOf(newest: Newest | null): Facts {
  return {
    evidence: newest?.evidence ?? null,
    stage: newest?.stage ?? null,
    outcome: newest?.outcome ?? null,
    reason: newest?.reason ?? null,
    errno: newest?.errno ?? null,
    address: newest?.address ?? null,
    sourceAddress: newest?.sourceAddress ?? null,
    bytesReceived: newest?.bytesReceived ?? null,
    tls: newest?.tls ?? null,
    certificate: newest?.certificate ?? null,
    tcpClock: newest?.tcpClock ?? null,
    tainted: newest?.tainted ?? [],
    synRetransmits: newest?.synRetransmits ?? 0,
    timings: newest?.timings ?? {},
  };
}
