import type { TcpClock } from '../round/observation.ts';
import { kernelAnswers } from './tcp-info.ts';

let checked: TcpClock | undefined;

/** The clock that TCP handshakes are timed with in this process; found out once. */
export function tcpClock(): TcpClock {
  checked ??= kernelAnswers() ? 'kernel' : 'loop';
  return checked;
}
