import type { IncidentEnd, Transition } from '../incident/state.ts';
import { addressesOf, type Grouped, grouped, outcomesOf, spokenOf } from './facts.ts';
import { asciiLine, listed, oneLine, SUBJECT_MOST_CHARACTERS } from './limits.ts';
import { duration } from './time.ts';
import { type Verb, verbOf } from './verbs.ts';

/** How much a headline says: `full`; `short`: without the outcomes; `bare`: without the listening regions too. */
type Length = 'full' | 'short' | 'bare';

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
 * fit is left out in this order: the end of the name beyond 24 characters, the outcomes, the listening regions.
 */
export function subjectOf(transition: Transition): string {
  const tag = `[${tagOf(transition)}] `;
  const name = asciiLine(transition.endpoint.name, 100) || asciiLine(transition.endpoint.id, 100);
  for (const length of ['full', 'short', 'bare'] as const) {
    const rest = ` ${asciiLine(headline(transition, length), 400)}`;
    const room = SUBJECT_MOST_CHARACTERS - tag.length - rest.length;
    if (room >= Math.min(name.length, 24)) return `${tag}${asciiLine(name, room)}${rest}`;
  }
  return asciiLine(`${tag}${asciiLine(name, 24)} ${headline(transition, 'bare')}`, SUBJECT_MOST_CHARACTERS);
}

/** What a subject begins with, in brackets: mail rules rely on it. */
export function tagOf({
  event,
  severity,
  end,
  reminder = false,
}: Pick<Transition, 'event' | 'severity' | 'end'> & { readonly reminder?: boolean }): string {
  switch (event) {
    case 'trigger':
      return severity;
    case 'update':
      return reminder ? `${severity} reminder` : `${severity} update`;
    case 'acknowledge':
      return `${severity} acknowledged`;
    case 'resolve':
      return end === null || end === 'recovered' ? 'RESOLVED' : 'CLOSED';
  }
}

function headline(transition: Transition, length: Length): string {
  if (transition.event === 'resolve') return resolved(transition);
  const flapping = transition.flapping ? 'flapping, ' : '';
  return `${flapping}${trouble(transition, length)}`;
}

function trouble(transition: Transition, length: Length): string {
  const groups = grouped(transition);
  const verb = verbOf(transition.rule, groups.failing);
  const outcomes = inBrackets(transition, groups, verb, length);
  const one = transition.failingRegions[0];
  switch (transition.rule) {
    case 'not_watched':
      return `is not watched: no usable result from any of ${regions(groups.total)}`;
    case 'unproven':
      return `never seen listening, ${verb.headline} ${everyRegion(groups, verb)}${outcomes}`;
    case 'failing_where_seen':
      return `${verb.headline} ${oneLine(one ?? 'one region', 40)}${outcomes}, the only region that reports`;
    case 'blocked_from_some':
    case 'refused_from_some':
    case 'dead_address_from_some':
    case 'unresolved_from_some':
    case 'handshake_differs': {
      const good = length === 'bare' ? '' : `, ${goodFrom(transition)}`;
      return `${verb.headline} ${someRegions(transition, groups)}${outcomes}${good}`;
    }
    case 'not_listening':
    case 'unreachable_everywhere':
    case 'unresolved_everywhere':
    case 'handshake_fails_everywhere':
    case 'fails_everywhere_mixed': {
      const none = groups.failing.length < groups.total ? ', none listening' : '';
      return `${verb.headline} ${everyRegion(groups, verb)}${outcomes}${none}`;
    }
    case 'reachable':
      return listeningAgain(groups);
  }
}

function inBrackets(transition: Transition, groups: Grouped, verb: Verb, length: Length): string {
  const outcomes = outcomesOf(spokenOf(transition, groups.failing));
  const at = transition.rule === 'dead_address_from_some' ? addressesOf(groups.failing) : [];
  if (length !== 'full') return at.length > 0 ? ` at ${listed(at, 1)}` : '';
  const words = [
    ...(verb.exact || outcomes.length === 0 ? [] : [listed(outcomes, 2)]),
    ...(at.length > 0 ? [`at ${listed(at, 1)}`] : []),
  ];
  return words.length > 0 ? ` (${words.join(' ')})` : '';
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
function goodFrom(transition: Transition): string {
  if (answersOnlyElsewhere(transition)) return 'other addresses answer';
  const { rule, listeningRegions } = transition;
  const [one] = listeningRegions;
  const where = listeningRegions.length === 1 && one ? oneLine(one, 40) : regions(listeningRegions.length);
  return rule === 'handshake_differs' ? `passing from ${where}` : `listening from ${where}`;
}

function resolved(transition: Transition): string {
  const after = duration((transition.endedAt ?? transition.at) - transition.since);
  const end: IncidentEnd = transition.end ?? 'recovered';
  switch (end) {
    case 'recovered':
      return transition.rule === 'not_watched'
        ? `watched again after ${after}`
        : `${listeningAgain(grouped(transition))}${transition.rule === 'unproven' ? '' : ' again'} after ${after}`;
    case 'changed':
      return `changed after ${after}: what is tried now is something else`;
    case 'no_longer_watched':
      return `no longer watched, was not seen to recover in ${after}`;
    case 'no_data':
      return `without data for 24 h, was not seen to recover in ${after}`;
  }
}

/** `listening from all 6 regions`. */
export function listeningAgain({ listening, total }: Grouped): string {
  const [one] = listening;
  if (total === 1 && one) return `listening from ${oneLine(one.region, 40)}`;
  return listening.length === total
    ? `listening from all ${regions(total)}`
    : `listening from ${listening.length} of ${regions(total)}`;
}

/** `1 region`, `6 regions`. */
export function regions(count: number): string {
  return count === 1 ? '1 region' : `${count} regions`;
}
