import type { TcpClock } from './observation.ts';

/**
 * Why a prober goes by the event loop's clock: it does not run on Linux; koffi is not there or not for this machine; the kernel
 * does not answer `TCP_INFO`; it answers with what cannot be.
 */
export const CLOCK_TROUBLES = ['not_linux', 'koffi_missing', 'kernel_refuses', 'implausible'] as const;
export type ClockTrouble = (typeof CLOCK_TROUBLES)[number];

/** What a prober found out about its clock when it started, by one handshake with itself. */
export interface ClockCheck {
  readonly tcpClock: TcpClock;
  /** null: there is none, the clock is the kernel's. */
  readonly trouble: ClockTrouble | null;
  /** What the kernel measured, ms; null: not asked, or nothing can be reached on loopback. */
  readonly kernelMs: number | null;
  /** What the event loop measured of the same handshake, ms; null: nothing can be reached on loopback. */
  readonly loopMs: number | null;
}
