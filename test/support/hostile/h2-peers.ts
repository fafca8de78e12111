import { randomBytes } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { H2, h2Frame } from '../servers.ts';
import { drip, type Hostile, overTls, pump, repeated } from './peer.ts';

const failed = { passed: false, stage: 'http2', evidence: 'listening' } as const;
const flooding = { ...failed, outcome: 'protocol_error', reason: 'flood' } as const;
const passes = { passed: true, stage: 'http2' } as const;

const peer = (
  name: string,
  act: (secured: TLSSocket) => void,
  expect: Hostile['expect'],
  handshake: Hostile['handshake'] = 'http2',
): Hostile => ({ name, handshake, act: (socket, { good }) => overTls(socket, good, act), expect });

/** SETTINGS first, as is due, and then one frame without end. */
const flood = (name: string, frame: Buffer, expect: Hostile['expect'] = flooding): Hostile =>
  peer(
    name,
    (secured) => {
      secured.write(H2.settings);
      pump(secured, repeated(frame));
    },
    expect,
  );

/** A frame on stream 1 (RFC 9113 section 4.1). */
function onStream(frame: Buffer): Buffer {
  frame.writeUInt32BE(1, 5);
  return frame;
}

/** What a peer can do once TLS stands and h2 is agreed on. */
export const H2_PEERS: readonly Hostile[] = [
  peer('SETTINGS, byte by byte', (secured) => drip(secured, h2Frame(4, 0, Buffer.alloc(6 * 100)), 300), {
    ...failed,
    outcome: 'settings_timeout',
    reason: null,
  }),
  peer('half-open after SETTINGS', (secured) => void secured.pause().write(H2.settings), {
    ...failed,
    outcome: 'settings_timeout',
    reason: 'settings_not_acknowledged',
  }),
  flood('a flood of SETTINGS', H2.settings),
  flood('a flood of PING', h2Frame(6, 0, Buffer.alloc(8))),
  flood('a flood of PING acknowledgements', h2Frame(6, 1, Buffer.alloc(8))),
  flood('a flood of CONTINUATION', onStream(h2Frame(9, 0))),
  flood('HEADERS and full CONTINUATION without end', onStream(h2Frame(9, 0, Buffer.alloc(16_384)))),
  flood('a flood of empty DATA', onStream(h2Frame(0, 0))),
  flood('rapid reset', onStream(h2Frame(3, 0, Buffer.from([0, 0, 0, 8])))),
  flood('a flood of WINDOW_UPDATE', h2Frame(8, 0, Buffer.from([0, 0, 0, 1]))),
  flood('a flood of PRIORITY', onStream(h2Frame(2, 0, Buffer.alloc(5)))),
  flood('a flood of unknown frames', h2Frame(0xee, 0, Buffer.alloc(16_384))),
  flood('a frame of 16 MB', Buffer.from([255, 255, 255, 0, 0, 0, 0, 0, 1]), {
    ...failed,
    outcome: 'protocol_error',
    reason: 'frame_size_error',
  }),
  flood('a storm of GOAWAY without an error', H2.goaway(0), passes),
  flood('a storm of GOAWAY with an error', H2.goaway(11), {
    ...failed,
    outcome: 'goaway',
    reason: 'enhance_your_calm',
  }),
  peer('garbage without end instead of SETTINGS', (secured) => pump(secured, randomBytes(65_536)), {
    ...failed,
    outcome: 'protocol_error',
    reason: 'not_http2',
  }),
  peer(
    'garbage without end after SETTINGS',
    (secured) => {
      secured.write(H2.settings);
      pump(secured, Buffer.alloc(65_536, 0xfe));
    },
    { ...failed, outcome: 'protocol_error', reason: 'frame_size_error' },
  ),
  peer(
    'acknowledges, then floods',
    (secured) => {
      secured.write(Buffer.concat([H2.settings, H2.ack, repeated(h2Frame(6, 0, Buffer.alloc(8)))]));
      pump(secured, repeated(h2Frame(6, 0, Buffer.alloc(8))));
    },
    passes,
  ),
  peer(
    'passes, then talks on and never closes',
    (secured) => {
      secured.write(Buffer.concat([H2.settings, H2.ack]));
      const timer = setInterval(() => secured.writable && secured.write(Buffer.alloc(6400)), 100);
      secured.once('close', () => clearInterval(timer));
    },
    passes,
  ),
  peer(
    'talks without end once TLS stands, asked for tls',
    (secured) => pump(secured, repeated(H2.settings)),
    { passed: true, stage: 'tls' },
    'tls',
  ),
];
