import type { TLSSocket } from 'node:tls';
import type { OutcomeOf } from '../outcome/outcome.ts';
import { deadline, now } from './clock.ts';
import { FLOOD } from './flood.ts';
import {
  ACK,
  ACKNOWLEDGE,
  type Frame,
  FrameReader,
  GO,
  GOAWAY,
  goawayError,
  PREFACE,
  SETTINGS,
} from './frames.ts';
import { alertOf, type TlsFailure, tlsFailure } from './tls-error.ts';

/** Mostly the peer's SETTINGS and its acknowledgement come together: then one record says all the rest, and one write. */
const ACKNOWLEDGE_AND_GO = Buffer.concat([ACKNOWLEDGE, GO]);

/** A peer that sends more frames than this before it has acknowledged our SETTINGS floods. */
const MOST_FRAMES = 1000;

export interface Settled {
  readonly ok: true;
  readonly ms: number;
  readonly from: number;
  readonly to: number;
  /** The frames that are still to be said: GOAWAY, and what has not been acknowledged yet. */
  readonly goodbye: Uint8Array;
}
export interface NotSettled {
  readonly ok: false;
  /** An alert that came this late belongs to the TLS handshake: the peer refuses our part of it. */
  readonly failure:
    | {
        readonly stage: 'http2';
        readonly outcome: OutcomeOf<'http2'>;
        readonly reason: string | null;
        readonly errno: string | null;
      }
    | ({ readonly stage: 'tls' } & TlsFailure);
  readonly bytesReceived: number;
}

const LOCAL = new Set(['ENOMEM', 'ENOBUFS', 'EMFILE', 'ENFILE']);

function failureOf(error: NodeJS.ErrnoException): NotSettled['failure'] {
  const errno = error.code ?? null;
  if (error.cause === FLOOD) return { stage: 'http2', ...FLOOD };
  if (alertOf(error)) return { stage: 'tls', ...tlsFailure(error) };
  if (errno === 'ECONNRESET' || errno === 'EPIPE')
    return { stage: 'http2', outcome: 'reset', reason: null, errno };
  if (errno !== null && LOCAL.has(errno))
    return { stage: 'http2', outcome: 'local_error', reason: null, errno };
  if (errno?.startsWith('ERR_SSL_')) {
    return {
      stage: 'http2',
      outcome: 'protocol_error',
      reason: errno.slice('ERR_SSL_'.length).toLowerCase(),
      errno,
    };
  }
  return { stage: 'http2', outcome: 'unknown', reason: null, errno };
}

type Verdict = { readonly outcome: OutcomeOf<'http2'>; readonly reason: string | null } | 'passed' | null;

/** What the peer's frames amount to so far. */
class Exchange {
  readonly #reader = new FrameReader();
  readonly #mostBytes: number;
  #frames = 0;
  received = 0;
  /** Whether the peer's SETTINGS have come. */
  settings = false;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** @returns null while more must come. */
  push(chunk: Buffer): Verdict {
    this.received += chunk.length;
    // In the order sent: how the bytes were cut into chunks must not decide.
    for (const frame of this.#reader.push(chunk)) {
      const verdict = this.#judge(frame);
      if (verdict) return verdict;
    }
    if (this.#reader.broken) {
      return { outcome: 'protocol_error', reason: this.settings ? 'frame_size_error' : 'not_http2' };
    }
    return this.received > this.#mostBytes ? FLOOD : null;
  }

  #judge(frame: Frame): Verdict {
    this.#frames += 1;
    if (this.#frames > MOST_FRAMES) return FLOOD;
    const isSettings = frame.type === SETTINGS && frame.stream === 0;
    const isAck = (frame.flags & ACK) !== 0;
    if (!this.settings) {
      if (frame.type === GOAWAY) return { outcome: 'protocol_error', reason: 'goaway_before_settings' };
      if (!isSettings || isAck || frame.length % 6 !== 0) {
        return { outcome: 'protocol_error', reason: 'not_http2' };
      }
      this.settings = true;
      return null;
    }
    if (frame.type === GOAWAY) {
      const error = goawayError(frame);
      return error.code === 0 ? 'passed' : { outcome: 'goaway', reason: error.name };
    }
    return isSettings && isAck ? 'passed' : null;
  }
}

/**
 * Exchanges SETTINGS (RFC 9113 section 3.4) over a TLS socket that agreed on h2. Passes once the peer has sent its SETTINGS
 * and acknowledged ours, or has sent its SETTINGS and a GOAWAY without an error. Speaks the four frames itself: that is all a
 * prober needs, and what a hostile peer can make it do is bounded by this page. Never throws; leaves the socket open.
 */
export function exchangeSettings(
  socket: TLSSocket,
  withinMs: number,
  mostBytes: number,
): Promise<Settled | NotSettled> {
  return new Promise((resolve) => {
    const from = now();
    const exchange = new Exchange(mostBytes);
    let acknowledged = false;

    const finish = (result: Settled | NotSettled): void => {
      cancel();
      socket.removeListener('data', read);
      socket.removeListener('end', ended);
      socket.removeListener('close', ended);
      socket.removeListener('error', failed);
      resolve(result);
    };
    const fail = (failure: NotSettled['failure']): void =>
      finish({ ok: false, failure, bytesReceived: exchange.received });
    const ended = (): void => fail({ stage: 'http2', outcome: 'closed', reason: null, errno: null });
    const failed = (error: NodeJS.ErrnoException): void => fail(failureOf(error));
    const late = (): void => {
      const reason = exchange.settings ? 'settings_not_acknowledged' : null;
      fail({ stage: 'http2', outcome: 'settings_timeout', reason, errno: null });
    };
    const read = (chunk: Buffer): void => {
      const verdict = exchange.push(chunk);
      if (verdict === null) {
        if (!exchange.settings || acknowledged) return;
        acknowledged = true;
        socket.write(ACKNOWLEDGE);
        return;
      }
      const to = now();
      const goodbye = acknowledged ? GO : ACKNOWLEDGE_AND_GO;
      if (verdict === 'passed') finish({ ok: true, ms: to - from, from, to, goodbye });
      else fail({ stage: 'http2', ...verdict, errno: null });
    };
    const cancel = deadline(withinMs, late);
    socket.on('data', read);
    socket.once('end', ended);
    socket.once('close', ended);
    socket.on('error', failed);
    socket.write(PREFACE);
  });
}
