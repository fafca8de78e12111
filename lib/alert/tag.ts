import type { Transition } from '../incident/state.ts';
import { oneLine } from './limits.ts';
import type { Notice } from './notice.ts';

type Told = Pick<Transition | Notice, 'event' | 'severity' | 'end'> &
  Partial<Pick<Transition, 'reminder' | 'acknowledged'>>;

/** What a subject begins with, in brackets: mail rules rely on it. */
export function tagOf({ event, severity, end, reminder = false }: Told): string {
  switch (event) {
    case 'trigger':
      return severity;
    case 'update':
      return reminder ? `${severity} reminder` : `${severity} update`;
    case 'acknowledge':
      return `${severity} acknowledged`;
    case 'resolve':
      return end === null || end === 'recovered' ? 'RESOLVED' : 'CLOSED';
    case 'test':
      return 'TEST';
  }
}

/** The same without brackets, before the name: `P2 `, `P2 update: `, `P2 ACK by ada: `, `RESOLVED `. */
export function leadOf(told: Told): string {
  const { event, severity, acknowledged } = told;
  switch (event) {
    case 'trigger':
    case 'resolve':
    case 'test':
      return `${tagOf(told)} `;
    case 'update':
      return `${tagOf(told)}: `;
    case 'acknowledge':
      return `${severity} ACK${acknowledged ? ` by ${oneLine(acknowledged.by, 20) || '?'}` : ''}: `;
  }
}
