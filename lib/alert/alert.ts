import type { AlertFormat } from '../deployment/configuration.ts';
import type { Transition } from '../incident/state.ts';
import type { WatchTransition } from '../incident/watch-state.ts';
import { chatBody, watchChatBody } from './chat.ts';
import { emailBody, watchEmailBody } from './email.ts';
import type { Deployment } from './facts.ts';
import { jsonBody, watchJsonBody } from './json.ts';
import { attributeValue } from './limits.ts';
import { pager, watchPager } from './pager.ts';
import { smsBody, watchSmsBody } from './sms.ts';
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

/** How a format tells a transition; null: it does not tell this event (pager: trigger and resolve only). Never throws. */
export function render(
  format: AlertFormat,
  transition: Transition | WatchTransition,
  deployment: Deployment,
): Rendered | null {
  return transition.endpoint === null
    ? renderWatch(format, transition, deployment)
    : renderEndpoint(format, transition, deployment);
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

function renderWatch(
  format: AlertFormat,
  transition: WatchTransition,
  deployment: Deployment,
): Rendered | null {
  const { event, severity, finding } = transition;
  const region = attributeValue(finding.region);
  const attributes = { event, kind: finding.kind, severity, ...(region === null ? {} : { region }) };
  const words = watchWords(transition, deployment);
  const { subject } = words;
  switch (format) {
    case 'json':
      return { subject, body: watchJsonBody(transition, words, deployment), attributes };
    case 'email':
      return { subject, body: watchEmailBody(transition, words, deployment), attributes };
    case 'sms':
      return { subject, body: watchSmsBody(transition, words), attributes };
    case 'chat':
      return { subject, body: watchChatBody(transition, words, deployment), attributes };
    case 'pager': {
      const told = watchPager(transition, words, deployment);
      return told === null ? null : { ...told, attributes };
    }
  }
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
