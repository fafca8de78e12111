import { createCipheriv, createHmac } from 'node:crypto';
import type { Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Identity } from '../issue.ts';

const HANDSHAKE = 22;
const SECRET = /^SERVER_TRAFFIC_SECRET_0 \w+ (\w+)/;

/** HKDF-Expand-Label (RFC 8446 section 7.1) for lengths of one block. */
function expandLabel(secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, length);
}

/** Seals records as a TLS 1.3 server would that sends what it likes (TLS_AES_128_GCM_SHA256). */
export class Forger {
  #secret: Buffer;
  #key: Buffer;
  #iv: Buffer;
  #sequence = 0n;

  constructor(secret: Buffer) {
    this.#secret = secret;
    this.#key = expandLabel(secret, 'key', 16);
    this.#iv = expandLabel(secret, 'iv', 12);
  }

  /** A record with a handshake message in it (RFC 8446 section 5.2). */
  handshake(type: number, body: Buffer): Buffer {
    const header = Buffer.from([type, 0, 0, 0]);
    header.writeUIntBE(body.length, 1, 3);
    return this.seal(HANDSHAKE, Buffer.concat([header, body]));
  }

  seal(type: number, payload: Buffer): Buffer {
    const inner = Buffer.concat([payload, Buffer.from([type])]);
    const header = Buffer.from([23, 3, 3, 0, 0]);
    header.writeUInt16BE(inner.length + 16, 3);
    const nonce = Buffer.from(this.#iv);
    nonce.writeBigUInt64BE(nonce.readBigUInt64BE(4) ^ this.#sequence, 4);
    this.#sequence += 1n;
    const cipher = createCipheriv('aes-128-gcm', this.#key, nonce).setAAD(header);
    return Buffer.concat([header, cipher.update(inner), cipher.final(), cipher.getAuthTag()]);
  }

  /** A KeyUpdate (RFC 8446 section 4.6.3), and the keys that follow it. */
  keyUpdate(requested: boolean): Buffer {
    const sealed = this.handshake(24, Buffer.from([requested ? 1 : 0]));
    this.#secret = expandLabel(this.#secret, 'traffic upd', 32);
    this.#key = expandLabel(this.#secret, 'key', 16);
    this.#iv = expandLabel(this.#secret, 'iv', 12);
    this.#sequence = 0n;
    return sealed;
  }

  /** A NewSessionTicket with one byte of ticket (RFC 8446 section 4.6.1). */
  ticket(): Buffer {
    return this.handshake(4, Buffer.from([0, 0, 14, 16, 0, 0, 0, 0, 1, 1, 0, 1, 7, 0, 0]));
  }
}

/**
 * A TLS 1.3 handshake as OpenSSL speaks it; from the peer's Finished on, only what the forger seals is sent: sequence numbers
 * begin at 0 there.
 */
export function afterFinished(socket: Socket, identity: Identity, then: (forger: Forger) => void): void {
  const [inside, outside] = duplexPair();
  const server = new TLSSocket(inside, {
    isServer: true,
    ...identity,
    ALPNProtocols: ['h2'],
    minVersion: 'TLSv1.3',
    ciphers: 'TLS_AES_128_GCM_SHA256',
  });
  server.on('error', () => socket.destroy());
  let secret: Buffer | undefined;
  server.on('keylog', (line: Buffer) => {
    const hex = SECRET.exec(line.toString('latin1'))?.[1];
    if (hex !== undefined) secret = Buffer.from(hex, 'hex');
  });
  outside.on('data', (bytes: Buffer) => socket.write(bytes));
  let flights = 0;
  socket.on('data', (bytes: Buffer) => {
    flights += 1;
    if (flights === 1) outside.write(bytes);
    else if (flights === 2 && secret) then(new Forger(secret));
  });
}
