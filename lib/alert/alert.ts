import type { AlertFormat } from '../deployment/configuration.ts';
import { parseCauseKey } from '../incident/cause.ts';
import type { GroupTransition } from '../incident/group-state.ts';
import type { Transition } from '../incident/state.ts';
import type { WatchTransition } from '../incident/watch-state.ts';
import { chatBody, groupChatBody, noticeChatBody } from './chat.ts';
import { emailBody, groupEmailBody, noticeEmailBody } from './email.ts';
import type { Deployment } from './facts.ts';
import { groupWords } from './group-words.ts';
import { groupJsonBody, jsonBody, noticeJsonBody } from './json.ts';
import { attributeValue } from './limits.ts';
import { plainTexts } from './markdown.ts';
import type { Notice, NoticeWords } from './notice.ts';
import { groupPager, noticePager, pager } from './pager.ts';
import { groupSmsBody, noticeSmsBody, smsBody } from './sms.ts';
import { watchWords } from './watch-words.ts';
import { subjectOf } from './words.ts';

export type { Deployment } from './facts.ts';

/** One SNS message. */
export interface Rendered {
  /** ASCII, 1–99 characters, no control characters. */
  readonly subject: string;
  /** At most 200 KB. */
  readonly body: string;
  /**
   * String attributes for filter policies: event, kind, severity, and of an endpoint its id and, when it has one, its team; of a
   * region its name.
   */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What is told: of an endpoint, of several with one cause, or of the watching itself. */
export type Told = Transition | GroupTransition | WatchTransition;

/** How a format tells a transition; null: it does not tell this event (pager: trigger and resolve only). Never throws. */
export function render(format: AlertFormat, told: Told, deployment: Deployment): Rendered | null {
  if (told.endpoint !== null) return renderEndpoint(format, told, deployment);
  return 'group' in told ? renderGroup(format, told, deployment) : renderWatch(format, told, deployment);
}

function renderEndpoint(
  format: AlertFormat,
  transition: Transition,
  deployment: Deployment,
): Rendered | null {
  const attributes = attributesOf(transition);
  switch (format) {
    case 'json':
      return { subject: subjectOf(transition), body: jsonBody(transition, deployment), attributes };
    case 'email':
      return { subject: subjectOf(transition), body: emailBody(transition, deployment), attributes };
    case 'sms':
      return { subject: subjectOf(transition), body: smsBody(transition), attributes };
    case 'chat':
      return { subject: subjectOf(transition), body: chatBody(transition, deployment), attributes };
    case 'pager': {
      const told = pager(transition, deployment);
      return told === null ? null : { ...told, attributes };
    }
  }
}

function renderGroup(
  format: AlertFormat,
  transition: GroupTransition,
  deployment: Deployment,
): Rendered | null {
  const attributes = attributesOfGroup(transition);
  const words = groupWords(transition, deployment);
  const { subject } = words;
  switch (format) {
    case 'json':
      return { subject, body: groupJsonBody(transition, words, deployment), attributes };
    case 'email':
      return { subject, body: groupEmailBody(transition, words, deployment), attributes };
    case 'sms':
      return { subject, body: groupSmsBody(transition), attributes };
    case 'chat':
      return { subject, body: groupChatBody(transition, words, deployment), attributes };
    case 'pager': {
      const told = groupPager(transition, words, deployment);
      return told === null ? null : { ...told, attributes };
    }
  }
}

function renderWatch(
  format: AlertFormat,
  transition: WatchTransition,
  deployment: Deployment,
): Rendered | null {
  const { event, severity, finding } = transition;
  const region = finding.region === null ? null : attributeValue(finding.region);
  const attributes = { event, kind: finding.kind, severity, ...(region === null ? {} : { region }) };
  const plain = plainTexts(transition);
  const wordsOf = (who: Deployment, isPlain: boolean): NoticeWords =>
    watchWords(isPlain ? plain : transition, who);
  const told = renderNotice(format, transition, wordsOf, deployment);
  return told === null ? null : { ...told, attributes };
}

/**
 * What is not of an endpoint.
 *
 * @param wordsOf - what is to be said, of a deployment of that name; without markup in what others wrote when it is to be plain.
 */
export function renderNotice(
  format: AlertFormat,
  notice: Notice,
  wordsOf: (deployment: Deployment, isPlain: boolean) => NoticeWords,
  deployment: Deployment,
): Omit<Rendered, 'attributes'> | null {
  const words = wordsOf(deployment, false);
  const { subject } = words;
  switch (format) {
    case 'json':
      return { subject, body: noticeJsonBody(notice, words, deployment) };
    case 'email':
      return { subject, body: noticeEmailBody(notice, words, deployment) };
    case 'sms':
      return { subject, body: noticeSmsBody(notice, words) };
    case 'chat': {
      const plain = wordsOf(plainTexts(deployment), true);
      return { subject, body: noticeChatBody(notice, { ...plain, checklist: words.checklist }, deployment) };
    }
    case 'pager':
      return noticePager(notice, words, deployment);
  }
}

function attributesOfGroup({ event, kind, severity, group }: GroupTransition): Record<string, string> {
  const { cause, team: name } = parseCauseKey(group.cause);
  const region = cause.kind === 'region' ? attributeValue(cause.value) : null;
  const team = name === null ? null : attributeValue(name);
  return {
    event,
    kind,
    severity,
    ...(region === null ? {} : { region }),
    ...(team === null ? {} : { team }),
  };
}

/** Five at most: a filter policy may name no more. */
function attributesOf({ event, kind, severity, endpoint }: Transition): Record<string, string> {
  const team = endpoint.team === null ? null : attributeValue(endpoint.team);
  return {
    event,
    kind,
    severity,
    endpoint: attributeValue(endpoint.id) ?? '?',
    ...(team === null ? {} : { team }),
  };
}
