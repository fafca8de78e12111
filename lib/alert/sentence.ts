import type { IncidentEnd, Transition } from '../incident/state.ts';
import { changesOf, wasWords } from './changes.ts';
import { addressesOf, type Grouped, grouped, outcomesOf, spokenOf } from './facts.ts';
import { listed, oneLine } from './limits.ts';
import { clock, duration } from './time.ts';
import { FAILING, type Verb, verbOf } from './verbs.ts';
import { answersOnlyElsewhere, everyRegion, listeningAgain, nameOf, regions } from './words.ts';

/** Regions that are named; more are counted, and listed below. */
const MOST_NAMES = 3;

/** The first sentence of a mail: who (host, port, handshake), what, how many regions, since when, how long. */
export function sentenceOf(transition: Transition): string {
  const { endpoint, rule, since, event } = transition;
  const at = transition.endedAt ?? transition.at;
  const host = oneLine(endpoint.host, 255);
  const authority = `${host.includes(':') ? `[${host}]` : host}:${endpoint.port}`;
  const who = `${nameOf(transition)} (${authority}, ${endpoint.handshake})`;
  const lasted = duration(at - since);
  if (event === 'resolve') {
    const was =
      rule === 'unproven'
        ? `It had not been seen listening since ${clock(since, at)} UTC`
        : `From ${clock(since, at)} to ${clock(at, at)} UTC it was ${transition.flapping ? 'flapping, time and again ' : ''}${wasWords(transition)}`;
    const held = transition.flapping ? ' It has held since, so this is told now.' : '';
    return `${who} ${closing(transition)}. ${was} (${lasted}).${held}`;
  }
  const time = `since ${clock(since, at)} UTC (${lasted})`;
  const what = whatOf(transition);
  const said = changesOf(transition);
  switch (event) {
    case 'trigger':
      return `${who} ${what} ${time}.`;
    case 'update':
      return transition.reminder
        ? `Still open, and not acknowledged: ${who} ${what} ${time}.`
        : `Update${said === null ? '' : `, ${said}`}: ${who} ${what.replace(/,$/, '')}. In trouble ${time}.`;
    case 'acknowledge':
      return `${acknowledgedBy(transition)}: ${who} ${what} ${time}.`;
  }
}

/** What is wrong and where. */
function whatOf(transition: Transition): string {
  const { rule } = transition;
  const groups = grouped(transition);
  if (rule === 'not_watched') return `is not watched: no usable result from any of ${regions(groups.total)}`;
  if (rule === 'reachable') return `is ${listeningAgain(rule, groups)}; the incident is open`;
  const verb = verbOf(rule, groups.failing);
  // A verb that says nothing of how needs the outcomes.
  const outcomes = verb === FAILING ? listed(outcomesOf(groups.failing), 3) : '';
  const said = outcomes === '' ? verb.sentence : `is failing (${outcomes}) from`;
  const never = rule === 'unproven' ? 'has never been seen listening: it ' : '';
  return `${never}${said} ${whereOf(transition, groups, verb)}`;
}

/** `Acknowledged by ada until 04:00 UTC ("restarting it")`. */
export function acknowledgedBy({ acknowledged, at }: Pick<Transition, 'acknowledged' | 'at'>): string {
  if (!acknowledged) return 'Acknowledged';
  const { by, note, until } = acknowledged;
  const time = until === null ? '' : ` until ${clock(until, at)} UTC`;
  return `Acknowledged by ${oneLine(by, 100)}${time}${note === null ? '' : ` ("${oneLine(note, 500)}")`}`;
}

function whereOf(transition: Transition, groups: Grouped, verb: Verb): string {
  const { failing, total } = groups;
  const { rule, failingRegions } = transition;
  const dead = rule === 'dead_address_from_some' ? listed(addressesOf(failing), 2) : '';
  const at = dead && ` at ${dead}`;
  if (answersOnlyElsewhere(transition)) return `${everyRegion(groups, verb)}${at} (other addresses answer)`;
  if (rule === 'failing_where_seen' && failingRegions[0] !== undefined) {
    return `${oneLine(failingRegions[0], 40)}, the only one of ${regions(total)} that reports,`;
  }
  if (total === 1) return `${everyRegion(groups, verb)},`;
  if (failing.length === total) return everyRegion(groups, verb);
  const spoken = spokenOf(transition, failing);
  const more = failing.length > spoken.length ? `, failing from ${failing.length - spoken.length} more,` : '';
  const count = `${spoken.length} of ${regions(total)}`;
  if (spoken.length > MOST_NAMES) return `${count}${at}${more}`;
  return `${spoken.map((report) => oneLine(report.region, 40)).join(', ')} (${count})${at}${more}`;
}

function closing(transition: Transition): string {
  const end: IncidentEnd = transition.end ?? 'recovered';
  switch (end) {
    case 'recovered':
      return transition.rule === 'not_watched'
        ? 'is watched again'
        : `is ${listeningAgain(transition.rule, grouped(transition))}${transition.rule === 'unproven' ? '' : ' again'}`;
    case 'changed':
      return 'was changed, so its incident is closed; recovery was not seen';
    case 'no_longer_watched':
      return 'is no longer watched, so its incident is closed; recovery was not seen';
    case 'no_data':
      return 'has given no data for 24 h, so its incident is closed; recovery was not seen';
  }
}
