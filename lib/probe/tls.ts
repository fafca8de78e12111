import { constants } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import {
  connect,
  createSecureContext,
  DEFAULT_CIPHERS,
  getCACertificates,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type { CertificateFacts } from '../round/certificate.ts';
import type { TlsFacts } from '../round/observation.ts';
import { factsOf } from './certificate.ts';
import { deadline, now } from './clock.ts';
import { FLOOD, watchForFlood } from './flood.ts';
import { type Sent, sentBy } from './sent.ts';
import { alertOf, type TlsFailure, tlsFailure } from './tls-error.ts';
import { agreed } from './tls-facts.ts';
import { certificateFailure } from './verify.ts';

/**
 * First, as in browsers: processors have instructions for SHA-256, and the SHA-384 that goes with AES-256 costs 15 µs a
 * handshake more.
 */
const FIRST = 'TLS_AES_128_GCM_SHA256';

/**
 * One key share (X25519) and three more groups by name: a share of ML-KEM alone is 1.2 kB, as much as all the rest of a
 * try. A server that knows only P-256, P-384 or P-521 asks again (RFC 8446 section 4.1.4). No session tickets: every
 * handshake is a full one, and no peer makes us do another. No Diffie-Hellman over a group that the server makes up: 10,000 bits
 * of it stop the loop for 0.75 s a handshake, and browsers have given it up.
 */
const SETTINGS = {
  ciphers: [FIRST, ...DEFAULT_CIPHERS.split(':').filter((name) => name !== FIRST), '!kDHE'].join(':'),
  ecdhCurve: 'X25519:P-256:P-384:P-521',
  secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
} as const;

/** Made once, since building the store of roots costs more than a hundred handshakes. */
const shared = createSecureContext(SETTINGS);
const trusting = new Map<string, SecureContext>();

/** The context for extra authorities (PEM), which are trusted besides the default ones. */
function contextFor(trust: readonly string[]): SecureContext {
  if (trust.length === 0) return shared;
  const key = trust.join('\n');
  const known = trusting.get(key);
  if (known) return known;
  const made = createSecureContext({ ...SETTINGS, ca: [...getCACertificates('default'), ...trust] });
  trusting.set(key, made);
  return made;
}

/**
 * Offered by those who want HTTP/2, and by them alone: servers of other protocols refuse a client that offers only protocols
 * that are not theirs (RFC 7301 section 3.2; mail and FTP servers do, against ALPACA), and no server needs an offer.
 */
const ALPN = Buffer.from('\x02h2\x08http/1.1');

/** How `dial` made the socket below, so that the one above can undo it when nothing is in a hurry any more. */
const AS_DIALLED = { noDelay: true } as const;

export interface TlsOptions {
  readonly host: string;
  /** SNI and the name the certificate must carry; default: the host, unless it is an address. */
  readonly serverName?: string | undefined;
  readonly certificate: 'verify' | 'ignore';
  /** Authorities to trust besides the default ones, PEM each. */
  readonly trust: readonly string[];
  readonly withinMs: number;
  /** The ladder ends here: no HTTP/2 is offered, and a TLS 1.3 peer must be given the chance to say that it wants a certificate of ours. */
  readonly last: boolean;
  /** The path's round trip time, which bounds that chance. */
  readonly rttMs: number;
  /** What the peer may send until TLS stands, and after that. */
  readonly stageBytes: number;
  readonly sessionBytes: number;
}

interface Seen {
  readonly certificate: CertificateFacts | null;
  readonly tls: TlsFacts;
}
export interface Secured extends Seen {
  readonly ok: true;
  readonly socket: TLSSocket;
  readonly ms: number;
  readonly from: number;
  readonly to: number;
}
export interface NotSecured extends Seen, TlsFailure {
  readonly ok: false;
  readonly bytesReceived: number;
  /** Still open, when the handshake itself finished: to be ended politely. */
  readonly socket: TLSSocket | null;
}

/** How long a peer's last word is waited for; `busy` is what it may take beyond the path. */
const LAST_WORD_MS = { busy: 500, most: 1000 } as const;

/**
 * In TLS 1.3 the client is done before the server has seen its last flight, so "a certificate is required" (alert 116) comes
 * after secureConnect. Says close_notify and FIN, as a good guest does anyway, and waits for the peer's last word: an alert, or
 * its own close, which all but a busy or broken server send within two round trips; as far as the stage has time for it.
 */
function lastWord(socket: TLSSocket, rttMs: number, leftMs: number): Promise<TlsFailure | null> {
  return new Promise((resolve) => {
    const finish = (failure: TlsFailure | null): void => {
      cancel();
      socket.removeListener('error', failed);
      socket.removeListener('end', ended);
      socket.removeListener('close', ended);
      resolve(failure);
    };
    const ended = (): void => finish(null);
    const failed = (error: NodeJS.ErrnoException): void => finish(alertOf(error) ? tlsFailure(error) : null);
    const longest = Math.min(LAST_WORD_MS.most, 2 * rttMs + LAST_WORD_MS.busy, leftMs);
    const cancel = deadline(longest, ended);
    socket.on('error', failed);
    socket.once('end', ended);
    socket.once('close', ended);
    socket.resume();
    socket.end();
  });
}

/** Shakes hands over a connected socket, which is the TLS socket's from now on. Never throws. */
export function secure(raw: Socket, options: TlsOptions): Promise<Secured | NotSecured> {
  return new Promise((resolve) => {
    const from = now();
    // RFC 6066 section 3: without the dot that ends a name.
    const name = (options.serverName ?? options.host).replace(/\.$/, '');
    const sni = isIP(name) === 0 ? { servername: name } : {};
    let settled = false;
    let established = false;
    const socket = connect({
      socket: raw,
      secureContext: contextFor(options.trust),
      ...AS_DIALLED,
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...sni,
      ...(options.last ? {} : { ALPNProtocols: ALPN }),
    });
    // Node parses the whole chain into objects for checkServerIdentity, a quarter of a handshake's CPU time; we judge the
    // name ourselves, once a certificate.
    socket.getPeerCertificate = () =>
      ({}) as PeerCertificate & { issuerCertificate: PeerCertificate } as never;

    const finish = (result: Secured | NotSecured): void => {
      if (settled) return;
      settled = true;
      cancel();
      if (!result.ok && !result.socket) socket.destroy();
      resolve(result);
    };
    let asked: { readonly sent: Sent | undefined } | undefined;
    const sent = (): Sent | undefined => {
      asked ??= { sent: sentBy(socket, raw.bytesRead) };
      return asked.sent;
    };
    let last: Seen | undefined;
    const seen = (): Seen => {
      if (last) return last;
      const shown = sent();
      const certificate = shown ? factsOf(shown.leaf, shown.chain) : null;
      return { certificate, tls: agreed(socket, certificate !== null) };
    };
    // Node drops the handle, and with it all that was agreed on, before it tells of a FIN or RST.
    const destroy = socket.destroy.bind(socket);
    socket.destroy = (error) => {
      if (!settled) last ??= seen();
      return destroy(error);
    };
    const fail = (failure: TlsFailure, open: TLSSocket | null): void =>
      finish({
        ok: false,
        ...failure,
        ...seen(),
        bytesReceived: raw.bytesRead,
        socket: open,
      });
    const secured = async (): Promise<void> => {
      const to = now();
      if (settled) return;
      established = true;
      unwatch();
      const flooded = (): void => void socket.destroy(new Error('the peer floods', { cause: FLOOD }));
      unwatch = watchForFlood(raw, raw.bytesRead + options.sessionBytes, flooded);
      const bad = options.certificate === 'verify' ? certificateFailure(socket, sent()?.leaf, name) : null;
      if (bad) {
        fail(bad, socket);
        return;
      }
      last = seen();
      if (options.last && last.tls.version === 'TLSv1.3') {
        cancel();
        const refusal = await lastWord(socket, options.rttMs, from + options.withinMs - now());
        if (refusal) {
          fail(refusal, null);
          return;
        }
      }
      finish({ ok: true, socket, ms: to - from, from, to, ...last });
    };
    const cancel = deadline(options.withinMs, () =>
      fail({ outcome: 'timeout', reason: null, errno: null }, null),
    );
    socket.once('secureConnect', () => void secured());
    // Stays for the socket's life: an error of a socket that was given up must not end the process.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!established) fail(tlsFailure(error), null);
    });
    let unwatch = watchForFlood(raw, options.stageBytes, () => fail(FLOOD, null));
    socket.once('close', () => {
      unwatch();
      if (!established) fail({ outcome: 'closed', reason: null, errno: null }, null);
    });
  });
}
