import { connect, type Socket } from 'node:net';
import type { OutcomeOf } from '../outcome/outcome.ts';
import type { TcpClock } from '../round/observation.ts';
import { deadline, now } from './clock.ts';
import { tcpClock } from './clock-check.ts';
import { tcpInfo } from './tcp-info.ts';

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
    const synRetransmits = (): number => tcpInfo(socket)?.totalRetransmits ?? 0;
    const connected = (): void => {
      const to = now();
      const info = tcpInfo(socket);
      const retransmits = info?.totalRetransmits ?? 0;
      // After a lost SYN the kernel times the last one alone, and the second that was lost would vanish.
      const kernel = info !== null && info.rttUs > 0 && retransmits === 0 && tcpClock() === 'kernel';
      finish({
        ok: true,
        socket,
        ms: kernel ? info.rttUs / 1000 : to - from,
        clock: kernel ? 'kernel' : 'loop',
        synRetransmits: retransmits,
        from,
        to,
      });
    };
    const cancel = deadline(withinMs, () =>
      finish({ ok: false, outcome: 'timeout', errno: null, synRetransmits: synRetransmits() }),
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
