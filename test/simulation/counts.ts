import type { FindingKind } from './assess.ts';
import type { Lived } from './simulate.ts';

export interface Distribution {
  readonly count: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** What all simulated endpoints came to. Durations in seconds. */
export interface Counts {
  readonly endpointDays: number;
  readonly outages: number;
  /** Outages long enough that they had to be told. */
  readonly owed: number;
  readonly triggers: number;
  readonly incidents: number;
  readonly findings: Readonly<Record<FindingKind, number>>;
  /** From the first moment that was really wrong to the trigger, less alertAfterSeconds; by interval. */
  readonly detectionSeconds: Readonly<Record<string, Distribution>>;
  /** From the last moment that was really wrong to the resolve. */
  readonly resolveSeconds: Distribution;
  readonly publishes: Readonly<Record<string, number>>;
  readonly publishesPerIncident: number;
  readonly judgeCallsPerEndpointDay: number;
  readonly savesPerEndpointDay: number;
  readonly scheduledTriesPerEndpointDay: number;
  readonly extraTriesPerEndpointDay: number;
}

const KINDS: readonly FindingKind[] = [
  'false',
  'false_in_half_sick_region',
  'early',
  'late',
  'missed',
  'missed_unseen',
  'wrong_kind',
  'wrong_rule',
  'wrong_regions',
  'wrong_while_flapping',
  'unnamed',
];

export function countsOf(lived: readonly Lived[]): Counts {
  const sum = (of: (one: Lived) => number): number => lived.reduce((total, one) => total + of(one), 0);
  const endpointDays = sum(({ days }) => days);
  const found = lived.flatMap(({ findings }) => findings);
  const findings = Object.fromEntries(
    KINDS.map((kind) => [kind, found.filter((one) => one.kind === kind).length]),
  ) as Record<FindingKind, number>;
  const detected = lived.flatMap(({ detectionMs }) => detectionMs);
  const groups = new Map<string, number[]>();
  for (const { ms, intervalSeconds, dead } of detected) {
    const name = `${intervalSeconds} s${dead ? ', one address' : ''}`;
    groups.set(name, [...(groups.get(name) ?? []), ms]);
  }
  const byInterval = [...groups].sort(
    ([one], [other]) => Number.parseInt(one, 10) - Number.parseInt(other, 10),
  );
  const publishes: Record<string, number> = {};
  for (const one of lived) {
    for (const [format, count] of Object.entries(one.publishes)) {
      publishes[format] = (publishes[format] ?? 0) + count;
    }
  }
  const incidents = sum((one) => one.incidents);
  const perDay = (of: (one: Lived) => number): number => sum(of) / endpointDays;
  return {
    endpointDays,
    outages: sum(({ outages }) => outages),
    owed: sum(({ owed }) => owed),
    triggers: sum(({ triggers }) => triggers),
    incidents,
    findings,
    detectionSeconds: Object.fromEntries(byInterval.map(([name, times]) => [name, distribution(times)])),
    resolveSeconds: distribution(lived.flatMap(({ resolveMs }) => resolveMs)),
    publishes,
    publishesPerIncident: (publishes.json ?? 0) / Math.max(1, incidents),
    judgeCallsPerEndpointDay: perDay(({ judgeCalls }) => judgeCalls),
    savesPerEndpointDay: perDay(({ saves }) => saves),
    scheduledTriesPerEndpointDay: perDay(({ scheduledTries }) => scheduledTries),
    extraTriesPerEndpointDay: perDay(({ extraTries }) => extraTries),
  };
}

function distribution(ms: readonly number[]): Distribution {
  const sorted = [...ms].sort((one, other) => one - other);
  const at = (share: number): number | null => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    return value === undefined ? null : Math.round(value / 100) / 10;
  };
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
