import type { GroupTransition } from '../incident/group-state.ts';
import type { Transition } from '../incident/state.ts';
import {
  type Commands,
  checklistOf,
  commandsOf,
  commandsOfMany,
  runbookOf,
  runbookOfMany,
} from './checklist.ts';
import { type Deployment, grouped } from './facts.ts';
import type { GroupWords } from './group-words.ts';
import { bytesOf, EMAIL_MOST_BYTES, firstLines, oneLine } from './limits.ts';
import { isOpen, type Notice, type NoticeWords } from './notice.ts';
import { reasoningOf } from './reasoning.ts';
import { rowsOf } from './rows.ts';
import { sentenceOf } from './sentence.ts';

/** Lines a group of regions may have; the next is tried when the mail gets too long. */
const MOST_ROWS = [12, 6, 3, 1] as const;

/** A mail in plain text: what, where, why, what to look at first, who says so. At most 8 KB. */
export function emailBody(transition: Transition, deployment: Deployment): string {
  let body = '';
  for (const most of MOST_ROWS) {
    body = lines(transition, deployment, most).join('\n');
    if (bytesOf(body) <= EMAIL_MOST_BYTES) return body;
  }
  return firstLines(body, EMAIL_MOST_BYTES);
}

/** A mail about the watching itself. At most 8 KB. */
export function noticeEmailBody(
  notice: Notice,
  { sentence, reasoning, checklist }: NoticeWords,
  deployment: Deployment,
): string {
  const body = [
    sentence,
    '',
    ...(reasoning === null ? [] : [reasoning]),
    ...lookFirstLines(checklist),
    ...(isOpen(notice) ? footer(null, commandsOfMany(notice, deployment)) : []),
    senderLine(deployment, notice.finding.kind),
    '',
  ].join('\n');
  return firstLines(body, EMAIL_MOST_BYTES);
}

/** A mail about several endpoints of one cause. At most 8 KB. */
export function groupEmailBody(
  transition: GroupTransition,
  { sentence, reasoning, lines: members, checklist }: GroupWords,
  deployment: Deployment,
): string {
  const body = [
    sentence,
    '',
    ...(members.length > 0 ? [...members, ''] : []),
    ...(reasoning === null ? [] : [reasoning]),
    ...lookFirstLines(checklist),
    ...footer(runbookOfMany(transition), commandsOfMany(transition, deployment)),
    senderLine(deployment, transition.rule),
    '',
  ].join('\n');
  return firstLines(body, EMAIL_MOST_BYTES);
}

function lines(transition: Transition, deployment: Deployment, most: number): string[] {
  const over = transition.event === 'resolve';
  return [
    sentenceOf(transition),
    '',
    ...rowsOf(grouped(transition), transition.rule, transition.at, most),
    '',
    ...(over ? [] : [reasoningOf(transition, deployment)]),
    ...flappingLines(transition),
    ...lookFirstLines(checklistOf(transition, deployment)),
    ...footer(runbookOf(transition), commandsOf(transition, deployment)),
    senderLine(deployment, transition.rule),
    '',
  ];
}

/** What to open and to type, a line each. */
function footer(runbook: string | null, { look, acknowledge }: Commands): string[] {
  return [
    ...(runbook === null ? [] : [`Runbook      ${runbook}`]),
    `See more     ${look}`,
    ...(acknowledge === null ? [] : [`Acknowledge  ${acknowledge}`]),
  ];
}

function lookFirstLines(checklist: readonly string[]): string[] {
  if (checklist.length === 0) return [];
  return ['Look first', ...checklist.map((line, index) => `  ${index + 1}. ${line}`)];
}

/** Who says so. */
export function senderLine({ name, account, homeRegion }: Deployment, rule: string): string {
  return `Sent by Parallax "${oneLine(name, 64)}" (${oneLine(account, 32)}, ${oneLine(homeRegion, 32)}). Rule ${rule}.`;
}

/** What to expect of one that comes and goes; nothing otherwise. */
export function flappingLines({ flapping, event }: Transition): string[] {
  if (!flapping || event === 'resolve') return [];
  return [
    'Flapping: it failed and recovered several times lately. Nothing more is sent until it has held one state for 10 min; then one message says which.',
  ];
}
