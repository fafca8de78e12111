import type { Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { afterFinished, type Forger } from './forged.ts';
import {
  type Arms,
  drip,
  type Hostile,
  handshakeHeader,
  onHello,
  overTls,
  pump,
  record,
  repeated,
} from './peer.ts';

const HANDSHAKE = 22;
const ALERT = 21;
const failed = { passed: false, stage: 'tls' } as const;
const broken = (reason: string) =>
  ({ ...failed, outcome: 'protocol_error', evidence: 'listening', reason }) as const;
const late = { ...failed, outcome: 'timeout', evidence: 'listening', reason: null } as const;

/** Lets a TLS server speak, but only so many of its bytes pass at once; the rest drips. */
function dripFrom(socket: Socket, arms: Arms, freeBytes: number): void {
  const write = socket.write.bind(socket);
  let free = freeBytes;
  let waiting = Buffer.alloc(0);
  const slowly = setInterval(() => {
    if (waiting.length > 0 && !socket.destroyed) write(waiting.subarray(0, 1));
    waiting = waiting.subarray(1);
  }, 50);
  socket.once('close', () => clearInterval(slowly));
  relay(socket, arms, (bytes) => {
    const now = bytes.subarray(0, free);
    free -= now.length;
    if (now.length > 0) write(now);
    waiting = Buffer.concat([waiting, bytes.subarray(now.length)]);
  });
}

/** A TLS server whose bytes go where they are told. */
function relay(socket: Socket, arms: Arms, send: (bytes: Buffer) => void): void {
  const [inside, outside] = duplexPair();
  const server = new TLSSocket(inside, { isServer: true, ...arms.good, ALPNProtocols: ['h2'] });
  server.on('error', () => socket.destroy());
  outside.on('data', send);
  socket.on('data', (bytes) => outside.write(bytes));
}

/** Floods once TLS 1.3 stands. */
const forged =
  (next: (forger: Forger) => Buffer): Hostile['act'] =>
  (socket, { good }) =>
    afterFinished(socket, good, (forger) => {
      const batch = (): Buffer => Buffer.concat(Array.from({ length: 200 }, () => next(forger)));
      pump(socket, batch);
    });

/** Floods in the clear once the ClientHello has come. */
const flood =
  (bytes: Buffer, first: Buffer = Buffer.alloc(0)): Hostile['act'] =>
  (socket) =>
    onHello(socket, () => {
      socket.write(first);
      pump(socket, repeated(bytes));
    });

const fragment = record(HANDSHAKE, Buffer.alloc(16_384));

/** What a peer can do while TLS is made, and once it stands. */
export const TLS_PEERS: readonly Hostile[] = [
  {
    name: 'a ServerHello, byte by byte',
    handshake: 'tls',
    act: (socket) =>
      onHello(socket, () =>
        drip(socket, record(HANDSHAKE, Buffer.concat([handshakeHeader(2, 90), Buffer.alloc(90)]))),
      ),
    expect: late,
  },
  {
    name: 'a certificate, byte by byte',
    handshake: 'tls',
    act: (socket, arms) => dripFrom(socket, arms, 300),
    expect: late,
  },
  {
    name: 'a ServerHello of 16 MB',
    handshake: 'tls',
    act: flood(fragment, record(HANDSHAKE, handshakeHeader(2, 0xff_ff_ff))),
    expect: broken('excessive_message_size'),
  },
  {
    name: 'empty handshake records without end',
    handshake: 'tls',
    act: flood(record(HANDSHAKE, Buffer.alloc(0))),
    expect: broken('record_too_small'),
  },
  {
    name: 'HelloRequests in the clear without end',
    fillsMemory: true,
    handshake: 'tls',
    act: flood(record(HANDSHAKE, handshakeHeader(0, 0))),
    expect: broken('flood'),
  },
  {
    name: 'warning alerts without end',
    handshake: 'tls',
    act: flood(record(ALERT, Buffer.from([1, 90]))),
    expect: broken('too_many_warn_alerts'),
  },
  {
    name: 'a chain of 1 MB',
    fillsMemory: true,
    handshake: 'tls',
    act: (socket, { giantChain }) => overTls(socket, giantChain, () => {}),
    expect: broken('excessive_message_size'),
  },
  {
    name: 'a chain of 1 MB, TLS 1.2',
    handshake: 'tls',
    act: (socket, { giantChain }) =>
      overTls(socket, giantChain, () => {}, { maxVersion: 'TLSv1.2' } as object),
    expect: broken('excessive_message_size'),
  },
  {
    name: 'a chain as long as OpenSSL takes',
    fillsMemory: true,
    handshake: 'tls',
    act: (socket, { longChain }) => overTls(socket, longChain, () => {}),
    expect: { passed: true, stage: 'tls' },
  },
  {
    name: 'a certificate with as many names as OpenSSL takes',
    fillsMemory: true,
    handshake: 'tls',
    act: (socket, { manyNames }) => overTls(socket, manyNames, () => {}),
    expect: { passed: true, stage: 'tls' },
  },
  {
    name: 'session tickets without end, asked for tls',
    handshake: 'tls',
    act: forged((forger) => forger.ticket()),
    expect: { passed: true, stage: 'tls' },
  },
  {
    name: 'session tickets without end, asked for http2',
    fillsMemory: true,
    handshake: 'http2',
    act: forged((forger) => forger.ticket()),
    expect: { ...failed, stage: 'http2', outcome: 'protocol_error', evidence: 'listening', reason: 'flood' },
  },
  {
    name: 'KeyUpdates without end',
    handshake: 'http2',
    act: forged((forger) => forger.keyUpdate(false)),
    expect: { ...failed, stage: 'http2', outcome: 'protocol_error', evidence: 'listening', reason: 'flood' },
  },
  {
    name: 'KeyUpdates that ask for ours, never read',
    fillsMemory: true,
    handshake: 'http2',
    act: (socket, arms) => {
      forged((forger) => forger.keyUpdate(true))(socket, arms);
      socket.once('data', () => socket.once('data', () => socket.pause()));
    },
    expect: { ...failed, stage: 'http2', outcome: 'protocol_error', evidence: 'listening', reason: 'flood' },
  },
  {
    name: 'empty application records without end',
    handshake: 'http2',
    act: forged((forger) => forger.seal(23, Buffer.alloc(0))),
    expect: {
      ...failed,
      stage: 'http2',
      outcome: 'protocol_error',
      evidence: 'listening',
      reason: 'record_too_small',
    },
  },
  {
    name: 'Diffie-Hellman over a group of its own, TLS 1.2',
    handshake: 'tls',
    act: (socket, { rsa }) =>
      overTls(socket, rsa, () => {}, { maxVersion: 'TLSv1.2', ciphers: 'DHE', dhparam: 'auto' } as object),
    expect: { ...failed, outcome: 'tls_alert', evidence: 'listening', reason: 'handshake_failure' },
  },
  {
    name: 'renegotiation without end, TLS 1.2',
    handshake: 'http2',
    act: (socket, { good }) =>
      overTls(
        socket,
        good,
        (secured) => {
          const again = (): void => {
            if (!secured.destroyed) secured.renegotiate({}, (error) => error || setImmediate(again));
          };
          again();
        },
        { maxVersion: 'TLSv1.2' } as object,
      ),
    expect: { ...failed, outcome: 'tls_alert', evidence: 'listening', reason: 'handshake_failure' },
  },
];
