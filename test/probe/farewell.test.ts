import { connect, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FrameReader, PREFACE } from '../../lib/probe/frames.ts';
import { type Certificates, certificates } from '../support/certificates.ts';
import { climb } from '../support/climb.ts';
import { H2, type Peer, tcpServer, tlsServer } from '../support/servers.ts';

let all: Certificates;
const peers: Peer[] = [];
const keep = async (starting: Promise<Peer>): Promise<Peer> => {
  const peer = await starting;
  peers.push(peer);
  return peer;
};
beforeAll(async () => {
  all = await certificates();
});
afterAll(async () => {
  await Promise.all(peers.map((peer) => peer.close()));
});

/** How a peer saw a connection end. */
interface Ending {
  readonly bytes: Buffer;
  /** As they came; above TLS, one a record. */
  readonly chunks: number;
  readonly fin: boolean;
  readonly error: string | undefined;
}

function watch(socket: Socket | TLSSocket): Promise<Ending> {
  const chunks: Buffer[] = [];
  let fin = false;
  let error: string | undefined;
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('end', () => {
    fin = true;
  });
  socket.on('error', (cause: NodeJS.ErrnoException) => {
    error = cause.code;
  });
  return new Promise((resolve) => {
    socket.once('close', () => resolve({ bytes: Buffer.concat(chunks), chunks: chunks.length, fin, error }));
  });
}

describe('a passing try ends politely', () => {
  it('tcp: FIN, though the server talks', async () => {
    const ending = Promise.withResolvers<Ending>();
    const peer = await keep(
      tcpServer((socket) => {
        ending.resolve(watch(socket));
        socket.write('220 mail.test ESMTP\r\n');
      }),
    );
    const { observation } = await climb(peer, all, { handshake: 'tcp' });
    expect(observation.passed).toBe(true);
    const { bytes, fin, error } = await ending.promise;
    expect({ bytes: bytes.length, fin, error }).toEqual({ bytes: 0, fin: true, error: undefined });
  });

  it('http2: acknowledges, says GOAWAY, closes TLS and TCP', async () => {
    const ending = Promise.withResolvers<Ending>();
    const peer = await keep(
      tlsServer(all.good, { ALPNProtocols: ['h2'] }, (socket) => {
        ending.resolve(watch(socket));
        socket.write(Buffer.concat([H2.settings, H2.ack]));
      }),
    );
    const { observation } = await climb(peer, all);
    expect(observation.passed).toBe(true);
    const { bytes, chunks, fin, error } = await ending.promise;
    expect({ chunks, fin, error }).toEqual({ chunks: 2, fin: true, error: undefined });
    expect(bytes.subarray(0, 24).toString()).toBe('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    const frames = new FrameReader().push(bytes.subarray(24));
    expect(frames.map(({ type, flags }) => [type, flags])).toEqual([
      [4, 0],
      [4, 1],
      [7, 0],
    ]);
  });

  it('http2: acknowledges at once when the peer waits for that', async () => {
    const ending = Promise.withResolvers<Ending>();
    const peer = await keep(
      tlsServer(all.good, { ALPNProtocols: ['h2'] }, (socket) => {
        ending.resolve(watch(socket));
        let come = 0;
        socket.on('data', (chunk: Buffer) => {
          come += chunk.length;
          if (come === PREFACE.length + H2.ack.length) socket.write(H2.ack);
        });
        socket.write(H2.settings);
      }),
    );
    const { observation } = await climb(peer, all);
    expect(observation.passed).toBe(true);
    const { bytes, chunks } = await ending.promise;
    expect(chunks).toBe(3);
    const frames = new FrameReader().push(bytes.subarray(24));
    expect(frames.map(({ type, flags }) => [type, flags])).toEqual([
      [4, 0],
      [4, 1],
      [7, 0],
    ]);
  });

  it('tls: close_notify is the last record, then FIN', async () => {
    // TLS 1.2 shows the type of its records: 21 is an alert.
    const server = await keep(tlsServer(all.good, { maxVersion: 'TLSv1.2' }));
    const ending = Promise.withResolvers<Ending>();
    const relay = await keep(
      tcpServer((socket) => {
        ending.resolve(watch(socket));
        const upstream = connect({ port: server.port, host: server.address, autoSelectFamily: false });
        socket.pipe(upstream).pipe(socket);
      }),
    );
    const { observation } = await climb(relay, all, { handshake: 'tls' });
    expect(observation.passed).toBe(true);
    const { bytes, fin, error } = await ending.promise;
    expect({ fin, error }).toEqual({ fin: true, error: undefined });
    const records: number[] = [];
    for (let at = 0; at < bytes.length; at += 5 + bytes.readUInt16BE(at + 3))
      records.push(bytes.readUInt8(at));
    expect(records.at(-1)).toBe(21);
    expect(records.filter((type) => type === 21)).toHaveLength(1);
  });

  it('leaves a peer that never closes, and one that never stops talking', async () => {
    const half = Promise.withResolvers<Socket>();
    const stubborn = await keep(
      tcpServer((socket) => {
        half.resolve(socket);
        const talk = (): void => {
          while (socket.writable && socket.write(Buffer.alloc(16_384)));
        };
        socket.on('drain', talk);
        socket.allowHalfOpen = true;
        talk();
      }),
    );
    const { observation } = await climb(stubborn, all, { handshake: 'tcp' });
    expect(observation.passed).toBe(true);
    const socket = await half.promise;
    await new Promise((closed) => socket.once('close', closed));
  });
});
