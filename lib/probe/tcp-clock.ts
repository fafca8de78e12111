import type { ClockTrouble } from '../round/clock.ts';
import type { TcpClock } from '../round/observation.ts';
import { kernelTrouble } from './tcp-info.ts';

/** undefined: not asked yet. */
let trouble: ClockTrouble | null | undefined;

/** Why TCP handshakes are timed by the event loop in this process; null: they are not. Found out once. */
export function clockTrouble(): ClockTrouble | null {
  if (trouble === undefined) trouble = kernelTrouble();
  return trouble;
}

/** The clock that TCP handshakes are timed with in this process. */
export const tcpClock = (): TcpClock => (clockTrouble() === null ? 'kernel' : 'loop');

/** From now on it is the event loop's. */
export function distrustKernel(why: ClockTrouble): void {
  trouble = why;
}
