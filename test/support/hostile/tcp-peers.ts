import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { drip, type Hostile, onHello, overTls, pump, repeated } from './peer.ts';

const notTls = {
  passed: false,
  stage: 'tls',
  outcome: 'not_tls',
  evidence: 'listening',
  reason: null,
} as const;
const silent = (evidence: 'interfered' | 'listening') =>
  ({ passed: false, stage: 'tls', outcome: 'timeout', evidence, reason: null }) as const;
const BANNER = repeated(Buffer.from('220-Welcome to a host that never stops talking\r\n'));

/** Never ends its half of a connection. */
const stubborn = (socket: Socket): void => {
  socket.allowHalfOpen = true;
};

/** What a peer can do below TLS. */
export const TCP_PEERS: readonly Hostile[] = [
  {
    name: 'an endless banner, asked for tcp',
    fillsMemory: true,
    handshake: 'tcp',
    act: (socket) => pump(socket, BANNER),
    expect: { passed: true, stage: 'tcp' },
  },
  {
    name: 'never closes, asked for tcp',
    handshake: 'tcp',
    act: (socket) => {
      stubborn(socket);
      socket.resume();
    },
    expect: { passed: true, stage: 'tcp' },
  },
  {
    name: 'accepts, then never reads',
    handshake: 'http2',
    act: (socket) => void socket.pause(),
    expect: silent('interfered'),
  },
  {
    name: 'never closes, asked for tls',
    handshake: 'tls',
    act: (socket) => {
      stubborn(socket);
      socket.resume();
    },
    expect: silent('interfered'),
  },
  {
    name: 'an endless banner at once',
    handshake: 'tls',
    act: (socket) => pump(socket, BANNER),
    expect: notTls,
  },
  {
    name: 'an endless banner after ClientHello',
    handshake: 'tls',
    act: (socket) => onHello(socket, () => pump(socket, BANNER)),
    expect: notTls,
  },
  {
    name: 'an endless banner, byte by byte',
    handshake: 'tls',
    // Five bytes make the header of a record.
    act: (socket) => drip(socket, BANNER, 10),
    expect: notTls,
  },
  {
    name: 'garbage without end after ClientHello',
    handshake: 'tls',
    act: (socket) =>
      onHello(socket, () => pump(socket, Buffer.concat([Buffer.from('garbage'), randomBytes(65_536)]))),
    expect: notTls,
  },
  {
    name: 'RST in the midst of a ServerHello',
    handshake: 'tls',
    act: (socket) =>
      onHello(socket, () => {
        socket.write(Buffer.from([22, 3, 3, 0, 90, 2, 0, 0]), () => void socket.resetAndDestroy());
      }),
    expect: { passed: false, stage: 'tls', outcome: 'reset', evidence: 'interfered', reason: null },
  },
  {
    name: 'RST once TLS stands',
    handshake: 'http2',
    act: (socket, { good }) =>
      overTls(socket, good, () => void setTimeout(() => socket.resetAndDestroy(), 30)),
    expect: { passed: false, stage: 'http2', outcome: 'reset', evidence: 'listening', reason: null },
  },
];
