import { once } from 'node:events';
import http2 from 'node:http2';
import net, { type AddressInfo, type Socket } from 'node:net';
import tls, { type TLSSocket, type TlsOptions } from 'node:tls';
import type { Identity } from './certificates.ts';

/** A server on loopback; closing it drops its connections too. */
export interface Peer {
  readonly address: string;
  readonly port: number;
  /** TCP connections accepted so far. */
  connections(): number;
  close(): Promise<void>;
}

async function serve(server: net.Server, address: string): Promise<Peer> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, address);
  await once(server, 'listening');
  return {
    address,
    port: (server.address() as AddressInfo).port,
    connections: () => accepted,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A TCP server that does with each connection what it is told; the default reads and waits. */
export function tcpServer(
  onSocket: (socket: Socket) => void = (socket) => socket.resume(),
  address = '127.0.0.1',
): Promise<Peer> {
  return serve(net.createServer({ allowHalfOpen: false }, onSocket), address);
}

/** A TCP server that answers the first bytes it gets, e.g. a ClientHello. */
export function afterHello(act: (socket: Socket) => void, address = '127.0.0.1'): Promise<Peer> {
  return tcpServer((socket) => {
    socket.once('data', () => act(socket));
  }, address);
}

/** What a TLS server does with a secured connection; `raw` is the TCP connection below it. */
export type OnSecured = (socket: TLSSocket, raw: Socket) => void;

/** A TLS server that does with each secured connection what it is told; the default reads and waits. */
export function tlsServer(
  identity: Identity,
  options: TlsOptions = {},
  onSocket: OnSecured = (socket) => socket.resume(),
  address = '127.0.0.1',
): Promise<Peer> {
  const raws = new Map<number | undefined, Socket>();
  const server = tls.createServer({ ...identity, ...options }, (socket) => {
    const raw = raws.get(socket.remotePort);
    if (!raw) throw new Error('a TLS socket without a TCP socket');
    socket.on('error', () => socket.destroy());
    onSocket(socket, raw);
  });
  server.on('connection', (raw) => raws.set(raw.remotePort, raw));
  server.on('tlsClientError', () => {});
  return serve(server, address);
}

/** A TLS server that agrees on h2 and then says what it likes once our preface has come. */
export function h2Speaker(identity: Identity, act: OnSecured, options: TlsOptions = {}): Promise<Peer> {
  return tlsServer(identity, { ALPNProtocols: ['h2'], ...options }, (socket, raw) => {
    socket.once('data', () => act(socket, raw));
  });
}

/** Node's own HTTP/2 server. */
export async function http2Server(
  identity: Identity,
  options: http2.SecureServerOptions = {},
  address = '127.0.0.1',
): Promise<Peer> {
  const server = http2.createSecureServer({ ...identity, ...options });
  server.on('sessionError', () => {});
  server.on('tlsClientError', () => {});
  return serve(server as unknown as net.Server, address);
}

/** A port on which nothing listens (any more). */
export async function refusedPort(address = '127.0.0.1'): Promise<Peer> {
  const peer = await tcpServer(undefined, address);
  await peer.close();
  return { ...peer, close: async () => {} };
}

/** A fatal TLS alert as bytes (RFC 8446 section 6): record type 21, version 1.2, level 2. */
export const alertBytes = (alert: number): Buffer => Buffer.from([21, 3, 3, 0, 2, 2, alert]);

/** An HTTP/2 frame on stream 0 (RFC 9113 section 4.1). */
export function h2Frame(type: number, flags: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  return Buffer.concat([header, payload]);
}

export const H2 = {
  settings: h2Frame(4, 0),
  ack: h2Frame(4, 1),
  goaway: (code: number): Buffer => h2Frame(7, 0, Buffer.from([0, 0, 0, 0, 0, 0, 0, code])),
};
