import type { AlertFormat } from '../deployment/configuration.ts';
import type { Transition } from '../incident/state.ts';
import { emailBody } from './email.ts';
import type { Deployment } from './facts.ts';
import { jsonBody } from './json.ts';
import { attributeValue } from './limits.ts';
import { pager } from './pager.ts';
import { subjectOf } from './words.ts';

export type { Deployment } from './facts.ts';

/** One SNS message. */
export interface Rendered {
  /** ASCII, 1–99 characters, no control characters. */
  readonly subject: string;
  /** At most 200 KB. */
  readonly body: string;
  /** String attributes for filter policies: event, kind, severity, endpoint, and team when the endpoint has one. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** How a format tells a transition; null: it does not tell this event (pager: trigger and resolve only). Never throws. */
export function render(format: AlertFormat, transition: Transition, deployment: Deployment): Rendered | null {
  const attributes = attributesOf(transition);
  switch (format) {
    case 'json':
      return { subject: subjectOf(transition), body: jsonBody(transition, deployment), attributes };
    case 'email':
      return { subject: subjectOf(transition), body: emailBody(transition, deployment), attributes };
    case 'pager': {
      const told = pager(transition, deployment);
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
