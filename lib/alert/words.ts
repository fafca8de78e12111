import type { IncidentEnd, Transition } from '../incident/state.ts';
import type { Rule } from '../verdict/verdict.ts';
import { changesOf, wasWords } from './changes.ts';
import { addressesOf, type Grouped, grouped, outcomesOf, spokenOf } from './facts.ts';
import { asciiLine, listed, oneLine, SUBJECT_MOST_CHARACTERS } from './limits.ts';
import { NAME_LEAST_CHARACTERS, type Naming, namingOf } from './naming.ts';
import { tagOf } from './tag.ts';
import { duration } from './time.ts';
import { type Verb, verbOf } from './verbs.ts';

/**
 * How much a headline says: `full`; `short`: without the outcomes, or what was true until it was over; `bare`: without the listening
 * regions too; `least`: without what changed.
 */
type Length = 'full' | 'short' | 'bare' | 'least';

/** The endpoint's name as one line; its id when the name has nothing to print. */
export function nameOf({ endpoint }: Transition, most = 100): string {
  return oneLine(endpoint.name, most) || oneLine(endpoint.id, most);
}

/** One line that says it all, without the severity. At most some 350 characters, whatever the endpoint is called. */
export function summaryOf(transition: Transition): string {
  return `${nameOf(transition)} ${headline(transition, 'full')}`;
}

/**
 * `[P2] Shop blocked from eu-west-1 (tcp timeout), listening from 5 regions`: ASCII, at most 99 characters. What does not
 * fit is left out in this order: the end of the name beyond 24 characters, the outcomes, the listening regions, what changed.
 */
export function subjectOf(transition: Transition, naming: Naming = namingOf(transition)): string {
  const tag = `[${tagOf(transition)}] `;
  for (const length of ['full', 'short', 'bare', 'least'] as const) {
    const rest = ` ${asciiLine(headline(transition, length), 400)}`;
    const name = naming(SUBJECT_MOST_CHARACTERS - tag.length - rest.length, asciiLine);
    if (name !== null) return `${tag}${name}${rest}`;
  }
  const name = naming(NAME_LEAST_CHARACTERS, asciiLine) ?? '';
  return asciiLine(`${tag}${name} ${headline(transition, 'least')}`, SUBJECT_MOST_CHARACTERS);
}

function headline(transition: Transition, length: Length): string {
  if (transition.event === 'resolve')
    return `${resolved(transition)}${length === 'full' ? hadBeen(transition) : ''}`;
  const { what, outcomes, at, only, good, change } = headlineParts(transition);
  const others = good === null || length === 'bare' || length === 'least' ? '' : `, ${good.words}`;
  return `${what}${length === 'full' ? outcomes : at}${only}${length === 'least' ? '' : change}${others}`;
}

/** What a headline of an open incident is made of, in this order. */
export interface HeadlineParts {
  /** `blocked from eu-west-1`. */
  readonly what: string;
  /** ` (tcp timeout)`; empty when the verb says it all. */
  readonly outcomes: string;
  /** In their place where there is no room: the address, where one of several is meant. */
  readonly at: string;
  /** What `what` must not be read without: `, the only region that reports`. */
  readonly only: string;
  /** Where it is well, as words and as the mere place; null: nowhere, or not known. */
  readonly good: { readonly words: string; readonly where: string | null } | null;
  /** What an update says anew: `; us-east-1 is new`; empty: nothing. */
  readonly change: string;
}

export function headlineParts(transition: Transition): HeadlineParts {
  const changes = changesOf(transition);
  const parts = { ...trouble(transition), change: changes === null ? '' : `; ${changes}` };
  return transition.flapping ? { ...parts, what: `flapping, ${parts.what}` } : parts;
}

function trouble(transition: Transition): Omit<HeadlineParts, 'change'> {
  const groups = grouped(transition);
  const verb = verbOf(transition.rule, groups.failing);
  const nothing = { outcomes: '', at: '', only: '', good: null };
  const outcomes = inBrackets(transition, groups, verb);
  const one = transition.failingRegions[0];
  switch (transition.rule) {
    case 'not_watched':
      return { ...nothing, what: `is not watched: no usable result from any of ${regions(groups.total)}` };
    case 'unproven':
      return {
        ...nothing,
        what: `never seen listening, ${verb.headline} ${everyRegion(groups, verb)}`,
        outcomes,
      };
    case 'failing_where_seen': {
      const what = `${verb.headline} ${oneLine(one ?? 'one region', 40)}`;
      return { ...nothing, what, outcomes, only: ', the only region that reports' };
    }
    case 'blocked_from_some':
    case 'refused_from_some':
    case 'dead_address_from_some':
    case 'unresolved_from_some':
    case 'handshake_differs': {
      const what = `${verb.headline} ${someRegions(transition, groups)}`;
      const dead = deadAddress(transition, groups);
      const at = dead === null ? '' : ` ${dead}`;
      return { ...nothing, what, outcomes, at, good: goodFrom(transition) };
    }
    case 'not_listening':
    case 'unreachable_everywhere':
    case 'unresolved_everywhere':
    case 'handshake_fails_everywhere':
    case 'fails_everywhere_mixed': {
      const only = groups.failing.length < groups.total ? ', none listening' : '';
      return { ...nothing, what: `${verb.headline} ${everyRegion(groups, verb)}`, outcomes, only };
    }
    case 'reachable':
      return { ...nothing, what: listeningAgain(transition.rule, groups) };
  }
}

function inBrackets(transition: Transition, groups: Grouped, verb: Verb): string {
  const outcomes = outcomesOf(spokenOf(transition, groups.failing));
  const dead = deadAddress(transition, groups);
  const words = [
    ...(verb.exact || outcomes.length === 0 ? [] : [listed(outcomes, 2)]),
    ...(dead === null ? [] : [dead]),
  ];
  return words.length > 0 ? ` (${words.join(' ')})` : '';
}

/** `at 203.0.113.9`, where one address of several is meant. */
function deadAddress({ rule }: Transition, { failing }: Grouped): string | null {
  const addresses = rule === 'dead_address_from_some' ? addressesOf(failing) : [];
  return addresses.length > 0 ? `at ${listed(addresses, 1)}` : null;
}

function someRegions(transition: Transition, groups: Grouped): string {
  const spoken = spokenOf(transition, groups.failing);
  const others = groups.failing.length - spoken.length;
  if (answersOnlyElsewhere(transition) && spoken.length === groups.total) {
    return everyRegion(groups, verbOf(transition.rule, groups.failing));
  }
  const names =
    spoken.length <= 2
      ? spoken.map((report) => oneLine(report.region, 40)).join(', ')
      : `${spoken.length} of ${regions(groups.total)}`;
  return others > 0 ? `${names}, failing from ${others} more` : names;
}

/** `all 6 regions`, `any of 6 regions`, `4 of 6 regions`. */
export function everyRegion({ failing, total }: Grouped, { negated }: Verb): string {
  if (failing.length < total) return `${failing.length} of ${regions(total)}`;
  if (total === 1) return `${oneLine(failing[0]?.region ?? 'one region', 40)}, its only region`;
  return negated ? `any of ${regions(total)}` : `all ${regions(total)}`;
}

/** Every region that counts has met the dead address, and gets through at another. */
export function answersOnlyElsewhere({ rule, listeningRegions }: Transition): boolean {
  return rule === 'dead_address_from_some' && listeningRegions.length === 0;
}

/** Where the handshake differs the port listens everywhere: only the handshake is better elsewhere. */
function goodFrom(transition: Transition): HeadlineParts['good'] {
  if (answersOnlyElsewhere(transition)) return { words: 'other addresses answer', where: null };
  const { rule, listeningRegions } = transition;
  const [one] = listeningRegions;
  const where = listeningRegions.length === 1 && one ? oneLine(one, 40) : regions(listeningRegions.length);
  return { words: `${rule === 'handshake_differs' ? 'passing' : 'listening'} from ${where}`, where };
}

/** `listening from all 6 regions again after 7 min`. */
export function resolved(transition: Transition): string {
  const after = duration((transition.endedAt ?? transition.at) - transition.since);
  const end: IncidentEnd = transition.end ?? 'recovered';
  switch (end) {
    case 'recovered':
      return transition.rule === 'not_watched'
        ? `watched again after ${after}`
        : `${listeningAgain(transition.rule, grouped(transition))}${transition.rule === 'unproven' ? '' : ' again'} after ${after}`;
    case 'changed':
      return `changed after ${after}: what is tried now is something else`;
    case 'no_longer_watched':
      return `no longer watched, was not seen to recover in ${after}`;
    case 'no_data':
      return `without data for 24 h, was not seen to recover in ${after}`;
  }
}

/** `, had been blocked from eu-west-1`. */
export function hadBeen(transition: Transition): string {
  return transition.rule === 'unproven' || transition.rule === 'not_watched'
    ? ''
    : `, had been ${transition.flapping ? 'flapping, ' : ''}${wasWords(transition)}`;
}

/** `listening from all 6 regions`; where only the handshake failed, it had been listening all the time. */
export function listeningAgain(rule: Rule, { listening, total }: Grouped): string {
  const [one] = listening;
  const well =
    rule === 'handshake_differs' || rule === 'handshake_fails_everywhere' ? 'passing' : 'listening';
  if (total === 1 && one) return `${well} from ${oneLine(one.region, 40)}`;
  return listening.length === total
    ? `${well} from all ${regions(total)}`
    : `${well} from ${listening.length} of ${regions(total)}`;
}

/** `1 region`, `6 regions`. */
export function regions(count: number): string {
  return count === 1 ? '1 region' : `${count} regions`;
}
