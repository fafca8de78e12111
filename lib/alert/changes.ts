import type { Transition } from '../incident/state.ts';
import type { Kind, Rule } from '../verdict/verdict.ts';
import { oneLine } from './limits.ts';
import { WAS } from './verbs.ts';

/** Regions that are named; more are counted. */
const MOST_NAMES = 2;

const KIND_WORDS: Readonly<Record<Kind, string>> = {
  partial: 'partial',
  down: 'down',
  failing_where_seen: 'failing where it was seen',
  not_watched: 'not watched',
  unproven: 'never seen listening',
};

/** What an update says anew, as `us-east-1 is new`, `eu-west-1 is back`, `was P2 partial`, `was P2`; null: nothing, or it is no update. */
export function changesOf(transition: Transition): string | null {
  const { event, reminder, before, kind, rule, severity, flapping } = transition;
  if (event !== 'update' || reminder || before === null) return null;
  const grade = before.severity === severity ? '' : `${before.severity} `;
  const words = [
    ...(before.kind === kind
      ? withinKind(transition, before.failing)
      : [`was ${grade}${KIND_WORDS[before.kind]}`]),
    ...(before.kind === kind && before.rule !== rule ? [`was ${WAS[before.rule]}`] : []),
    ...(before.kind === kind && grade !== '' ? [`was ${before.severity}`] : []),
    ...(before.flapping && !flapping ? ['settled'] : []),
  ];
  return words.length > 0 ? words.join(', ') : null;
}

function withinKind({ failingRegions, listeningRegions }: Transition, before: readonly string[]): string[] {
  const joined = failingRegions.filter((region) => !before.includes(region));
  const left = before.filter((region) => listeningRegions.includes(region));
  return [...state(joined, 'new'), ...state(left, 'back')];
}

function state(regions: readonly string[], word: string): string[] {
  if (regions.length === 0) return [];
  return [`${named(regions, MOST_NAMES)} ${regions.length === 1 ? 'is' : 'are'} ${word}`];
}

/** `eu-west-1, us-east-1`, or `4 regions`. */
function named(regions: readonly string[], most: number): string {
  if (regions.length > most) return `${regions.length} regions`;
  return regions.map((region) => oneLine(region, 40)).join(', ');
}

/** The rules about some regions, as what goes before their names. */
const FROM: Readonly<Partial<Record<Rule, string>>> = {
  failing_where_seen: 'failing from',
  blocked_from_some: 'blocked from',
  refused_from_some: 'refused from',
  dead_address_from_some: 'failing at one of its addresses from',
  unresolved_from_some: 'unresolved from',
  handshake_differs: 'failing its handshake from',
};

/** What was true of it when it was told last: `blocked from eu-west-1`, `silent to all regions`. */
export function wasWords({ before, rule, regions }: Transition, most = 3): string {
  const told = before ?? { rule, failing: [] };
  const from = FROM[told.rule];
  // All of them, where each has met the one dead address.
  if (from === undefined || told.failing.length === 0) return WAS[told.rule];
  return told.failing.length === regions.length && regions.length > most
    ? `${from} all ${regions.length} regions`
    : `${from} ${named(told.failing, most)}`;
}
