import type { GroupTransition } from '../incident/group-state.ts';
import type { Transition } from '../incident/state.ts';
import {
  type Commands,
  checklistOf,
  commandsOf,
  commandsOfMany,
  listOf,
  runbookOf,
  runbookOfMany,
} from './checklist.ts';
import { flappingLines, senderLine } from './email.ts';
import { type Deployment, grouped } from './facts.ts';
import { exampleOf, type GroupWords, groupWords } from './group-words.ts';
import { asciiLine, oneLine } from './limits.ts';
import { escapedLine, plainTexts } from './markdown.ts';
import { isOpen, type Notice, type NoticeWords, regionOf } from './notice.ts';
import { reasoningOf } from './reasoning.ts';
import { rowsOf } from './rows.ts';
import { sentenceOf } from './sentence.ts';
import { leadOf } from './tag.ts';
import { rfc3339 } from './time.ts';
import { summaryOf } from './words.ts';

/** Amazon Q documents no limits; a text block of Slack holds 3,000 characters, and what is longer is not delivered. */
const DESCRIPTION_MOST_CHARACTERS = 2500;
const TITLE_MOST_CHARACTERS = 250;
/** What a custom action's variable may hold (Amazon Q, CustomActionAttachment). */
const CONTEXT_MOST_CHARACTERS = 1024;

/** Lines a group of regions may have; the next is tried when the description gets too long. */
const MOST_ROWS = [12, 6, 3, 1, 0] as const;

interface Notification {
  readonly title: string;
  readonly description: string;
  readonly steps: readonly string[];
  readonly keywords: readonly (string | null)[];
  readonly summary: string;
  readonly resources: readonly string[];
  readonly context: Readonly<Record<string, string>>;
}

/**
 * A custom notification of Amazon Q Developer in chat applications ("Custom notifications": event schema 1.0), for Slack and
 * Teams. All alerts of an incident are one thread.
 */
export function chatBody(transition: Transition, deployment: Deployment): string {
  const { endpoint, kind, rule, severity, since, failingRegions } = transition;
  const plain = plainTexts(transition);
  const open = transition.event !== 'resolve';
  return notification(transition, {
    title: `${leadOf(plain)}${summaryOf(plain)}`,
    description: descriptionOf(plain, plainTexts(deployment)),
    steps: open ? stepsOf(transition, deployment) : [],
    keywords: [severity, kind, plain.endpoint.id, plain.endpoint.team],
    summary: summaryOf(plain),
    resources: [`${oneLine(plain.endpoint.host, 255)}:${endpoint.port}`],
    context: {
      endpoint: endpoint.id,
      team: endpoint.team ?? '',
      kind,
      rule,
      severity,
      since: rfc3339(since),
      failingRegions: failingRegions.join(','),
      deployment: deployment.name,
    },
  });
}

/** The same of several endpoints with one cause. */
export function groupChatBody(
  transition: GroupTransition,
  { checklist }: GroupWords,
  deployment: Deployment,
): string {
  const { severity, kind, rule, since, event, group } = transition;
  // The cause is a key that is read again, and no text of anybody's.
  const plain = { ...plainTexts(transition), group: { ...plainTexts(group), cause: group.cause } };
  const { summary, sentence, reasoning, lines } = groupWords(plain, deployment);
  const lead = leadOf(event === 'resolve' ? plain : exampleOf(plain));
  return notification(transition, {
    title: `${lead}${summary}`,
    description: [
      sentence,
      ...(lines.length > 0 ? ['```', ...lines, '```'] : []),
      ...(reasoning === null ? [] : [reasoning]),
      senderLine(plainTexts(deployment), rule),
    ].join('\n'),
    steps:
      event === 'resolve'
        ? []
        : [
            ...checklist.map(escapedLine),
            ...runbookStep(runbookOfMany(transition)),
            ...quoted(commandsOfMany(transition, deployment)),
          ],
    keywords: [severity, kind],
    summary,
    resources: group.members.slice(0, 20).map(({ host, port }) => `${oneLine(host, 255)}:${port}`),
    context: { kind, rule, severity, since: rfc3339(since), deployment: deployment.name },
  });
}

/** The same of what is not of an endpoint. In the words there is no markup but in the checklist, which is escaped here. */
export function noticeChatBody(
  notice: Notice,
  { summary, sentence, reasoning, checklist }: NoticeWords,
  deployment: Deployment,
): string {
  const { finding, severity } = notice;
  const region = regionOf(plainTexts(notice));
  const lines = [sentence, ...(reasoning === null ? [] : [reasoning])];
  return notification(notice, {
    title: `${leadOf(notice)}${summary}`,
    description: [...lines, '', senderLine(plainTexts(deployment), finding.kind)].join('\n'),
    steps: isOpen(notice)
      ? [...checklist.map(escapedLine), ...quoted(commandsOfMany(notice, deployment))]
      : checklist.map(escapedLine),
    keywords: [severity, finding.kind, region],
    summary,
    resources: region === null ? [] : [region],
    context: {
      region: finding.region ?? '',
      kind: finding.kind,
      severity,
      since: rfc3339(finding.since),
      deployment: deployment.name,
    },
  });
}

/** As code: to be copied as it is shown. */
const quoted = (commands: Commands): string[] =>
  listOf(commands).map((command) => `\`${command.replaceAll('`', "'")}\``);

const runbookStep = (runbook: string | null): string[] =>
  runbook === null ? [] : [`Runbook ${runbook.replaceAll('<', '%3C').replaceAll('>', '%3E')}`];

function stepsOf(transition: Transition, deployment: Deployment): string[] {
  const runbook = runbookOf(transition);
  return [
    ...checklistOf(transition, deployment).map(escapedLine),
    ...runbookStep(runbook),
    ...quoted(commandsOf(transition, deployment)),
  ];
}

function descriptionOf(plain: Transition, deployment: Deployment): string {
  let text = '';
  for (const most of MOST_ROWS) {
    const rows = most === 0 ? [] : rowsOf(grouped(plain), plain.rule, plain.at, most);
    text = [
      sentenceOf(plain),
      ...(rows.length > 0 ? ['```', ...rows, '```'] : []),
      ...(plain.event === 'resolve' ? [] : [reasoningOf(plain, deployment)]),
      ...flappingLines(plain),
      senderLine(deployment, plain.rule),
    ].join('\n');
    if (text.length <= DESCRIPTION_MOST_CHARACTERS) return text;
  }
  return text;
}

type Told = Pick<Transition | Notice, 'event' | 'dedupKey' | 'sequence'>;

function notification({ event, dedupKey, sequence }: Told, about: Notification): string {
  const { title, description, steps, keywords, summary, resources, context } = about;
  const words = keywords.flatMap((word) => (word === null ? [] : [oneLine(word, 64)]));
  const variables = Object.entries(context).map(([key, value]) => [key, variable(value)]);
  return JSON.stringify({
    version: '1.0',
    source: 'custom',
    id: `${dedupKey}.${sequence}`,
    content: {
      textType: 'client-markdown',
      title: oneLine(title, TITLE_MOST_CHARACTERS),
      description: [...description].slice(0, DESCRIPTION_MOST_CHARACTERS).join(''),
      ...(steps.length > 0 ? { nextSteps: steps } : {}),
      keywords: words.filter((word) => word !== ''),
    },
    metadata: {
      threadId: dedupKey,
      summary: oneLine(summary, TITLE_MOST_CHARACTERS),
      eventType: event,
      relatedResources: resources.map((resource) => oneLine(resource, 300)),
      additionalContext: Object.fromEntries(variables.filter(([, value]) => value !== '')),
    },
  });
}

/** A variable of a custom action is printable ASCII without spaces. */
function variable(value: string): string {
  return asciiLine(value, CONTEXT_MOST_CHARACTERS).replaceAll(' ', '-');
}
