import { connect, type Socket } from 'node:net';
import type { OutcomeOf } from '../outcome/outcome.ts';
import type { TcpClock } from '../round/observation.ts';
import { deadline, loopWatch, now } from './clock.ts';
import { tcpClock } from './tcp-clock.ts';
import { type TcpInfo, tcpInfo } from './tcp-info.ts';

export interface Dialled {
  readonly ok: true;
  readonly socket: Socket;
  /** Duration of the SYN to SYN-ACK exchange. */
  readonly ms: number;
  readonly clock: TcpClock;
  readonly synRetransmits: number;
  /** Monotonic, when the event loop saw it begin and end. */
  readonly from: number;
  readonly to: number;
}

export interface NotDialled {
  readonly ok: false;
  readonly outcome: OutcomeOf<'tcp'>;
  readonly errno: string | null;
  readonly synRetransmits: number;
}

interface DialError {
  readonly code?: string | undefined;
  readonly syscall?: string | undefined;
}

/** Errors that are the prober's own whenever they come. */
const LOCAL = new Set([
  'EADDRNOTAVAIL',
  'EADDRINUSE',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EAFNOSUPPORT',
  'EPERM',
  'EINVAL',
  'ENETDOWN',
]);

/**
 * What an error of a connecting socket means (linux net/ipv4/icmp.c icmp_err_convert[], net/ipv6/icmp.c tab_unreach[]).
 *
 * @param atOnce connect(2) itself failed: no packet can have been answered, so the trouble is on this side.
 */
export function tcpOutcome(error: DialError, atOnce: boolean): OutcomeOf<'tcp'> {
  const { code } = error;
  if (code === 'ECONNREFUSED') return 'refused';
  if (atOnce || (code !== undefined && LOCAL.has(code))) return 'local_error';
  switch (code) {
    case 'ETIMEDOUT':
      return 'timeout';
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
    case 'ENONET':
      return 'unreachable';
    case 'EACCES':
    case 'ENOPROTOOPT':
      return 'prohibited';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'reset';
    default:
      return 'unknown';
  }
}

/**
 * Calls back once everything that this turn of the loop has queued is done, and before any socket is served: errors of
 * connect(2) itself are told before it, errors that the network sent after it.
 */
function afterThisTurn(then: () => void): void {
  process.nextTick(() => queueMicrotask(then));
}

/** Without an answer Linux and the BSDs send a SYN again after a second (RFC 6298 section 2.1). */
const FIRST_RTO_MS = 1000;

const trustedInfo = (socket: Socket): TcpInfo | null => (tcpClock() === 'kernel' ? tcpInfo(socket) : null);

/** How often the SYN was sent again. Where the kernel does not say: 1 when it was waited for long enough, whatever the number. */
function retransmitsOf(info: TcpInfo | null, from: number, to: number): number {
  if (info) return info.totalRetransmits;
  return to - from - loopWatch.stalledMs(from, to) > FIRST_RTO_MS ? 1 : 0;
}

/** The shortest round trip so far, ms; empty where the kernel does not say, or the connection is gone. */
export function shortestRoundTrip(socket: Socket): { readonly minRttMs?: number } {
  const us = trustedInfo(socket)?.minRttUs ?? null;
  return us === null ? {} : { minRttMs: us / 1000 };
}

/** Connects to one address. Never throws; the socket of a success is the caller's to end. */
export function dial(address: string, port: number, withinMs: number): Promise<Dialled | NotDialled> {
  return new Promise((resolve) => {
    let settled = false;
    let atOnce = true;
    const from = now();
    const socket = connect({ host: address, port, autoSelectFamily: false, noDelay: true });
    afterThisTurn(() => {
      atOnce = false;
    });
    const finish = (result: Dialled | NotDialled): void => {
      if (settled) return;
      settled = true;
      cancel();
      socket.removeListener('connect', connected);
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const connected = (): void => {
      const to = now();
      const info = trustedInfo(socket);
      const synRetransmits = retransmitsOf(info, from, to);
      const kernelMs = (info?.rttUs ?? 0) / 1000;
      // After a lost SYN the kernel times the last one alone, and the second that was lost would vanish.
      const kernel = kernelMs > 0 && kernelMs <= to - from && synRetransmits === 0;
      const [ms, clock] = kernel ? ([kernelMs, 'kernel'] as const) : ([to - from, 'loop'] as const);
      finish({ ok: true, socket, ms, clock, synRetransmits, from, to });
    };
    const cancel = deadline(withinMs, () =>
      finish({
        ok: false,
        outcome: 'timeout',
        errno: null,
        synRetransmits: retransmitsOf(trustedInfo(socket), from, now()),
      }),
    );
    socket.once('connect', connected);
    // Stays for the socket's life: an error of a socket that was given up must not end the process.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      finish({
        ok: false,
        outcome: tcpOutcome(error, atOnce),
        errno: error.code ?? null,
        synRetransmits: 0,
      }),
    );
  });
}
