import type { Socket } from 'node:net';
import { TLSSocket, type TLSSocketOptions } from 'node:tls';
import type { Handshake, Stage } from '../../../lib/outcome/outcome.ts';
import type { Identity } from '../issue.ts';

/** What hostile peers have to hand. */
export interface Arms {
  readonly good: Identity;
  /** With an RSA key, for the old key exchanges. */
  readonly rsa: Identity;
  /** A leaf and so many certificates behind it that OpenSSL's 100 kB are full. */
  readonly longChain: Identity;
  /** The same, ten times as long. */
  readonly giantChain: Identity;
  /** A leaf with as many names as 100 kB hold. */
  readonly manyNames: Identity;
}

/** What one try must say of a hostile peer. */
export type Expected =
  | { readonly passed: true; readonly stage: Handshake }
  | {
      readonly passed: false;
      readonly stage: Stage;
      readonly outcome: string;
      readonly evidence: string;
      readonly reason: string | null;
    };

/** One way a peer can do harm. */
export interface Hostile {
  readonly name: string;
  readonly handshake: Handshake;
  /** What it does with a connection. */
  readonly act: (socket: Socket, arms: Arms) => void;
  readonly expect: Expected;
  /** It is told of as the most that memory has to stand. */
  readonly fillsMemory?: true;
}

/** Writes without end, as fast as it is taken; other connections get their turns between. */
export function pump(socket: Socket | TLSSocket, next: Buffer | (() => Buffer)): void {
  const more = (): void => {
    if (socket.destroyed || !socket.writable) return;
    if (socket.write(Buffer.isBuffer(next) ? next : next())) setImmediate(more);
    else socket.once('drain', more);
  };
  more();
}

/** Writes bytes one at a time, so slowly that no deadline of a test sees the last one. */
export function drip(socket: Socket | TLSSocket, bytes: Buffer, everyMs = 50): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || !socket.writable) clearInterval(timer);
    else socket.write(bytes.subarray(at % bytes.length, (at % bytes.length) + 1));
    at += 1;
  }, everyMs);
  socket.once('close', () => clearInterval(timer));
}

/** Once the first bytes, a ClientHello, have come. */
export const onHello = (socket: Socket, then: () => void): void => void socket.once('data', then);

/** Ends TLS on a connection and goes on once it stands; with h2, once our preface has come. */
export function overTls(
  socket: Socket,
  identity: Identity,
  then: (secured: TLSSocket) => void,
  options: TLSSocketOptions = {},
): void {
  const secured = new TLSSocket(socket, { isServer: true, ...identity, ALPNProtocols: ['h2'], ...options });
  secured.on('error', () => socket.destroy());
  secured.once('secure', () => then(secured));
  secured.resume();
}

/** A TLS record in the clear (RFC 8446 section 5.1). */
export function record(type: number, payload: Buffer): Buffer {
  const header = Buffer.from([type, 3, 3, 0, 0]);
  header.writeUInt16BE(payload.length, 3);
  return Buffer.concat([header, payload]);
}

/** The header of a handshake message that claims a length (RFC 8446 section 4). */
export function handshakeHeader(type: number, length: number): Buffer {
  const header = Buffer.from([type, 0, 0, 0]);
  header.writeUIntBE(length, 1, 3);
  return header;
}

/** The same bytes over and over, at least so many: what a flood writes at a time. */
export const repeated = (bytes: Buffer, atLeast = 65_536): Buffer =>
  Buffer.concat(Array.from({ length: Math.ceil(atLeast / bytes.length) }, () => bytes));
