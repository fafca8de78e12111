import type { Transition } from '../incident/state.ts';
import type { RegionReport } from '../verdict/region-state.ts';
import { oneLine } from './limits.ts';
import { stillFails } from './verbs.ts';

/** Who sends. */
export interface Deployment {
  readonly name: string;
  readonly account: string;
  readonly homeRegion: string;
  /** What is typed in a shell before a command of Parallax: `npm run parallax --`. */
  readonly command: string;
  /** Its probers' control endpoints, `HOST:PORT`: without any, an alert must not say that they were reached. Default: none. */
  readonly controls?: readonly string[];
}

/** The regions of a transition in the groups that readers care for, each in the deployment's order. */
export interface Grouped {
  readonly failing: readonly RegionReport[];
  readonly listening: readonly RegionReport[];
  readonly unknown: readonly RegionReport[];
  /** In none of the lists: failing once, not yet confirmed. */
  readonly unsettled: readonly RegionReport[];
  readonly total: number;
}

export function grouped(transition: Transition): Grouped {
  const { regions, failingRegions, listeningRegions, unknownRegions } = transition;
  const among = (names: readonly string[]): RegionReport[] =>
    regions.filter((report) => names.includes(report.region));
  const named = new Set([...failingRegions, ...listeningRegions, ...unknownRegions]);
  return {
    failing: among(failingRegions),
    listening: among(listeningRegions),
    unknown: among(unknownRegions),
    unsettled: regions.filter((report) => !named.has(report.region)),
    total: Math.max(regions.length, named.size),
  };
}

/** `tcp timeout`, `tls bad_certificate: expired`. */
export function outcomeWords({ stage, outcome, reason }: RegionReport): string {
  if (stage === null || outcome === null) return 'no outcome';
  const words = `${stage} ${oneLine(outcome, 40)}`;
  return reason === null ? words : `${words}: ${oneLine(reason, 60)}`;
}

/** The distinct outcomes of the regions that still fail, the most frequent first. */
export function outcomesOf(reports: readonly RegionReport[]): string[] {
  const counts = new Map<string, number>();
  for (const words of reports.filter(stillFails).map(outcomeWords))
    counts.set(words, (counts.get(words) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([words]) => words);
}

/** The addresses that failed, or that the listening regions reached; each once. */
export function addressesOf(reports: readonly RegionReport[]): string[] {
  return linesOf(reports.map((report) => report.address));
}

/** The addresses that a blocked region is cut off from: one that listens elsewhere says more than the one it was given. */
export function blockedAddressesOf(reports: readonly RegionReport[]): string[] {
  return linesOf(
    reports.map(({ address, elsewhere }) =>
      elsewhere && elsewhere.outcome !== 'ok' ? elsewhere.address : address,
    ),
  );
}

/** The other addresses that failing regions get through to; each once. */
export function reachedElsewhere(reports: readonly RegionReport[]): string[] {
  return linesOf(reports.map(({ elsewhere }) => (elsewhere?.outcome === 'ok' ? elsewhere.address : null)));
}

function linesOf(addresses: readonly (string | null)[]): string[] {
  return [...new Set(addresses.filter((address) => address !== null))].map((address) => oneLine(address, 64));
}

/** Prober addresses of the failing regions, as far as they are known; each once. */
export function sourcesOf(reports: readonly RegionReport[]): string[] {
  return [...new Set(reports.map((report) => report.sourceAddress).filter((source) => source !== null))].map(
    (source) => oneLine(source, 64),
  );
}

/**
 * The regions that dial none of the addresses they were given, where that is all that is said: nothing is wrong with the probers
 * then. Empty where any region says something else; silent ones say nothing.
 */
export function forbiddenOf(reports: readonly RegionReport[]): readonly RegionReport[] {
  const spoken = reports.filter(({ evidence }) => evidence === 'inconclusive');
  return spoken.every(({ outcome }) => outcome === 'address_forbidden') ? spoken : [];
}

/** In the class that makes `blocked_from_some` true, not merely failing at the same time. */
export function isBlocked({ evidence, outcome }: RegionReport): boolean {
  return (
    outcome !== 'ok' && (evidence === 'filtered' || evidence === 'interfered' || evidence === 'inconclusive')
  );
}

/** The failing regions that the rule speaks of; the others merely fail at the same time. */
export function spokenOf(transition: Transition, failing: readonly RegionReport[]): readonly RegionReport[] {
  if (transition.rule !== 'blocked_from_some') return failing;
  const blocked = failing.filter(isBlocked);
  return blocked.length > 0 ? blocked : failing;
}
