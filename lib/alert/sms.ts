import type { GroupTransition } from '../incident/group-state.ts';
import type { Transition } from '../incident/state.ts';
import { exampleOf } from './group-words.ts';
import { asciiLine } from './limits.ts';
import { NAME_LEAST_CHARACTERS, type Naming, namingOf, namingOfMany } from './naming.ts';
import type { Notice, NoticeWords } from './notice.ts';
import { leadOf } from './tag.ts';
import { duration } from './time.ts';
import { hadBeen, headlineParts, resolved } from './words.ts';

/**
 * One text message holds 140 octets, so this many characters whatever the encoding; as GSM 7-bit text, of which 160 fit, there is
 * room left for the topic's display name, which SNS puts in front.
 */
export const SMS_MOST_CHARACTERS = 140;

/**
 * What of ASCII the GSM 7-bit alphabet (3GPP TS 23.038 section 6.2.1) lacks (the grave accent) or takes two septets for, and what
 * stands for it: so every character is one septet.
 */
const GSM: Readonly<Record<string, string>> = {
  '`': "'",
  '^': "'",
  '[': '(',
  ']': ')',
  '{': '(',
  '}': ')',
  '|': '/',
  '\\': '/',
  '~': '-',
};

/**
 * `P2 Shop blocked from eu-west-1 since 03:12 UTC (tcp timeout), 5 regions ok`: one line of at most 140 ASCII characters, each one
 * septet in GSM 7-bit. What does not fit is left out in this order: where it is well, the outcomes, the end of the name, of what.
 */
export function smsBody(transition: Transition): string {
  return textOf(transition, leadOf(transition), namingOf(transition), choicesOf(transition));
}

function textOf(transition: Transition, start: string, naming: Naming, choices: readonly string[]): string {
  const lead = `${gsm(start, 60)} `;
  for (const text of choices.map((choice) => gsm(choice, 400))) {
    const name = naming(SMS_MOST_CHARACTERS - lead.length - text.length - 1, gsm);
    if (name !== null) return `${lead}${name} ${text}`;
  }
  const name = naming(NAME_LEAST_CHARACTERS, gsm) ?? '';
  return bounded(`${lead}${name} `, transition);
}

/** The same of several endpoints with one cause. */
export function groupSmsBody(transition: GroupTransition): string {
  const example = exampleOf(transition);
  const naming = namingOfMany(transition);
  if (transition.event !== 'resolve') return textOf(example, leadOf(example), naming, choicesOf(example));
  const { since, at, endedAt } = transition;
  const end = endedAt ?? at;
  const how = transition.end === 'changed' ? 'told apart now' : 'over';
  const over = `${how} after ${duration(end - since)} (${minute(since, end)}-${minute(end, end)} UTC)`;
  const { what, outcomes } = headlineParts(example);
  return textOf(example, leadOf(transition).trim(), naming, [
    `${over}, had been ${what}${outcomes}`,
    `${over}, had been ${what}`,
    over,
  ]);
}

/** The same of an alert about the watching itself. */
export function noticeSmsBody(transition: Notice, { summary }: NoticeWords): string {
  return gsm(`${leadOf(transition)}${summary}`, SMS_MOST_CHARACTERS);
}

/** What follows the name, the fullest first. */
function choicesOf(transition: Transition): readonly string[] {
  const time = timeOf(transition);
  if (transition.event === 'resolve') {
    const over = resolved(transition);
    return [`${over}${time}${hadBeen(transition)}`, `${over}${time}`, over];
  }
  const { what, outcomes, at, only, good, change } = headlineParts(transition);
  const others = good === null ? '' : `, ${good.where === null ? good.words : `${good.where} ok`}`;
  return [
    `${what}${time}${outcomes}${only}${change}${others}`,
    `${what}${time}${outcomes}${only}${change}`,
    `${what}${at}${time}${only}${change}`,
    `${what}${time}${change}`,
    `${what}${time}`,
  ];
}

/** Names of regions so long that nothing fits: what is wrong is cut, since when is not. */
function bounded(start: string, transition: Transition): string {
  const time = timeOf(transition);
  const what = transition.event === 'resolve' ? resolved(transition) : headlineParts(transition).what;
  return `${start}${gsm(what, SMS_MOST_CHARACTERS - start.length - time.length)}${time}`;
}

function timeOf(transition: Transition): string {
  const { event, rule, since, at } = transition;
  const end = transition.endedAt ?? at;
  if (event === 'resolve') return ` (${minute(since, end)}-${minute(end, end)} UTC)`;
  return `${rule === 'reachable' ? ', incident began' : ' since'} ${minute(since, at)} UTC`;
}

/** `03:12`, or `19 Nov 03:12` when that is not `today`. */
function minute(ms: number, today: number): string {
  const [date, time] = new Date(ms).toISOString().split('T');
  if (new Date(today).toISOString().startsWith(`${date}T`)) return `${time?.slice(0, 5)}`;
  const [, day, month] = new Date(ms).toUTCString().split(' ');
  return `${Number(day)} ${month} ${time?.slice(0, 5)}`;
}

function gsm(text: string, most: number): string {
  return asciiLine(text, most).replace(/[`^[\]{}|\\~]/g, (character) => GSM[character] ?? '?');
}
