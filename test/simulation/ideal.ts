import type { Transition } from '../../lib/incident/state.ts';
import type { Kind, Rule } from '../../lib/verdict/verdict.ts';
import type { Fate } from '../support/tries.ts';
import { isActive, isReal, spansOf } from './fault.ts';
import type { RegionTruth, WholeTruth } from './truth.ts';

/** What may rightly be said of a moment. */
interface Ideal {
  readonly kind: Kind;
  readonly rules: ReadonlySet<Rule>;
}

/** An alert goes by tries of up to 6 s, of which the last two of a region may lie 10 s apart, and by their way to the judge. */
const SEEN_WITHIN_MS = 20_000;
/** What fails for this long in a region that is well is to be named. */
const NAMED_AFTER_MS = 60_000;

export type WrongWord = 'kind' | 'rule' | 'regions';

/**
 * What is wrong with the words of a first alert, by all moments that it may go by; null: nothing.
 *
 * @param overMs how long it has been over when it is told
 */
export function wrongWord(told: Transition, truth: WholeTruth, overMs: number): WrongWord | null {
  const withinMs = SEEN_WITHIN_MS + overMs;
  const moments = momentsOf(told.at, truth, withinMs);
  const ideals = moments.flatMap((at) => idealsOf(at, truth));
  const rightKind = ideals.filter(({ kind }) => kind === told.kind);
  if (rightKind.length === 0) return 'kind';
  if (!rightKind.some(({ rules }) => rules.has(told.rule))) return 'rule';
  const wrong = new Set(
    momentsOf(told.at, truth, told.at - told.since + withinMs).flatMap((at) =>
      truth.regionsAt(at).flatMap(({ region, fails }) => (fails === 'none' ? [] : [region])),
    ),
  );
  return told.failingRegions.every((region) => wrong.has(region)) ? null : 'regions';
}

/** The regions that a first alert should have named too: all their addresses fail, and have for a minute. */
export function unnamed(told: Transition, truth: WholeTruth): readonly string[] {
  const moments = momentsOf(told.at, truth, NAMED_AFTER_MS);
  return truth.life.regions.filter((region) => {
    if (told.failingRegions.includes(region) || !truth.isSound(region, told.at - NAMED_AFTER_MS, told.at))
      return false;
    return moments.every((at) =>
      truth.regionsAt(at).some((one) => one.region === region && one.fails === 'all'),
    );
  });
}

/** The moments within this before a time at which something is different. */
function momentsOf(at: number, truth: WholeTruth, withinMs: number): readonly number[] {
  const from = at - withinMs;
  const edges = truth.life.faults
    .filter((fault) => isReal(fault) && fault.to >= from && fault.from <= at)
    .flatMap(spansOf)
    .flatMap((span) => [span.from, span.to - 1]);
  return [at, from, ...edges.filter((edge) => edge > from && edge < at)];
}

/**
 * Partial and total at once where the regions that are not well themselves would make the difference. Nothing where nothing fails.
 */
function idealsOf(at: number, truth: WholeTruth): readonly Ideal[] {
  const all = truth.regionsAt(at);
  const sound = all.filter((region) => region.sound);
  const rules = partialRules(at, truth);
  const ideals = [all, sound].flatMap((regions) => idealOf(regions, rules));
  if (sound.length <= 1 && all.length > 1 && all.some(({ fails }) => fails !== 'none')) {
    ideals.push({ kind: 'failing_where_seen', rules: new Set(['failing_where_seen']) });
  }
  return ideals;
}

function idealOf(regions: readonly RegionTruth[], rules: ReadonlySet<Rule>): readonly Ideal[] {
  const failing = regions.filter(({ fails }) => fails !== 'none');
  if (failing.length === 0) return [];
  const total = failing.length === regions.length && failing.every(({ fails }) => fails === 'all');
  if (!total) return [{ kind: 'partial', rules }];
  const fates = new Set(failing.flatMap(({ fates }) => fates.map(([, fate]) => fate)));
  return [{ kind: 'down', rules: new Set([downRule(fates)]) }];
}

/** By the faults themselves: an address that is dead for all, or a region that is cut off. */
function partialRules(at: number, { life }: WholeTruth): ReadonlySet<Rule> {
  const active = life.faults.filter((fault) => isReal(fault) && isActive(fault, at));
  return new Set(
    active.flatMap(({ addresses, fates }) =>
      Object.values(fates).map((fate) => (addresses === null ? regionRule(fate) : 'dead_address_from_some')),
    ),
  );
}

function regionRule(fate: Fate): Rule {
  switch (fate) {
    case 'refused':
      return 'refused_from_some';
    case 'filtered':
    case 'interfered':
    case 'stalled':
      return 'blocked_from_some';
    case 'listening':
      return 'handshake_differs';
    case 'unresolved':
      return 'unresolved_from_some';
    case 'pass':
    case 'unanswered':
    case 'inconclusive':
      throw new Error('no fault of a port ends a try like that', { cause: { fate } });
  }
}

function downRule(fates: ReadonlySet<Fate>): Rule {
  const only = (...some: readonly Fate[]): boolean => [...fates].every((fate) => some.includes(fate));
  if (only('refused')) return 'not_listening';
  if (only('filtered')) return 'unreachable_everywhere';
  if (only('unresolved')) return 'unresolved_everywhere';
  return only('listening', 'interfered', 'stalled') ? 'handshake_fails_everywhere' : 'fails_everywhere_mixed';
}
