import type { Socket } from 'node:net';
import type { Handshake, Stage } from '../../lib/outcome/outcome.ts';
import type { Limits } from '../../lib/probe/limits.ts';
import type { Target } from '../../lib/probe/observe.ts';
import type { Failing } from '../../lib/round/observation.ts';
import type { Certificates } from './certificates.ts';
import {
  afterHello,
  alertBytes,
  H2,
  h2Frame,
  h2Speaker,
  http2Server,
  type Peer,
  refusedPort,
  tcpServer,
  tlsServer,
} from './servers.ts';
import { silentPort } from './silent-port.ts';

/** One way a port can behave, and what one try must say of it. */
export interface Scenario {
  readonly name: string;
  readonly handshake: Handshake;
  readonly target?: Partial<Target>;
  readonly limits?: Partial<Limits>;
  readonly world: (certificates: Certificates) => Promise<Peer>;
  readonly expect:
    | { readonly passed: true; readonly stage: Handshake }
    | ({ readonly passed: false; readonly stage: Stage } & Partial<Omit<Failing, 'stage' | 'passed'>>);
}

const reset = (socket: Socket): void => void socket.resetAndDestroy();
const fast = { tlsMs: 300, http2Ms: 300 };
const failed = { passed: false } as const;
const alert = (number: number, reason: string, handshake: Handshake = 'tls'): Scenario => ({
  name: `fatal alert ${number}`,
  handshake,
  world: () => afterHello((socket) => socket.end(alertBytes(number))),
  expect: { ...failed, stage: 'tls', outcome: 'tls_alert', evidence: 'listening', reason, bytesReceived: 7 },
});
const bad = (name: keyof Certificates & string, reason: string): Scenario => ({
  name: `certificate: ${name}`,
  handshake: 'http2',
  world: (all) => http2Server(all[name] as Certificates['good']),
  expect: { ...failed, stage: 'tls', outcome: 'bad_certificate', evidence: 'listening', reason },
});

/** What a plain TCP port can do. */
const TCP: readonly Scenario[] = [
  {
    name: 'a listening port',
    handshake: 'tcp',
    world: () => tcpServer(),
    expect: { passed: true, stage: 'tcp' },
  },
  {
    name: 'a listening port on IPv6',
    handshake: 'tcp',
    target: { addressFamily: 'ipv6', host: '::1' },
    world: () => tcpServer(undefined, '::1'),
    expect: { passed: true, stage: 'tcp' },
  },
  {
    name: 'nothing listens',
    handshake: 'http2',
    world: () => refusedPort(),
    expect: { ...failed, stage: 'tcp', outcome: 'refused', evidence: 'refused', errno: 'ECONNREFUSED' },
  },
  {
    name: 'nothing listens on IPv6',
    handshake: 'tcp',
    target: { addressFamily: 'ipv6', host: '::1' },
    world: () => refusedPort('::1'),
    expect: { ...failed, stage: 'tcp', outcome: 'refused', evidence: 'refused' },
  },
  {
    name: 'SYNs are dropped',
    handshake: 'tls',
    world: () => silentPort(),
    expect: { ...failed, stage: 'tcp', outcome: 'timeout', evidence: 'filtered', errno: null },
  },
];

/** What can go wrong between SYN-ACK and a verified certificate. */
const TLS: readonly Scenario[] = [
  alert(40, 'handshake_failure'),
  alert(70, 'protocol_version'),
  alert(80, 'internal_error'),
  alert(112, 'unrecognized_name', 'http2'),
  alert(116, 'certificate_required'),
  alert(120, 'no_application_protocol'),
  {
    name: 'FIN after ClientHello',
    handshake: 'tls',
    world: () => afterHello((socket) => socket.end()),
    expect: { ...failed, stage: 'tls', outcome: 'closed', evidence: 'interfered', bytesReceived: 0 },
  },
  {
    name: 'FIN at once',
    handshake: 'tls',
    world: () => tcpServer((socket) => socket.end()),
    expect: { ...failed, stage: 'tls', outcome: 'closed', evidence: 'interfered' },
  },
  {
    name: 'close_notify, then FIN',
    handshake: 'tls',
    world: () => afterHello((socket) => socket.end(Buffer.from([21, 3, 3, 0, 2, 1, 0]))),
    expect: { ...failed, stage: 'tls', outcome: 'closed', evidence: 'listening', bytesReceived: 7 },
  },
  {
    name: 'RST after ClientHello',
    handshake: 'http2',
    world: () => afterHello(reset),
    expect: { ...failed, stage: 'tls', outcome: 'reset', evidence: 'interfered', bytesReceived: 0 },
  },
  {
    name: 'silence after ClientHello',
    handshake: 'tls',
    limits: fast,
    world: () => tcpServer(),
    expect: { ...failed, stage: 'tls', outcome: 'timeout', evidence: 'interfered', bytesReceived: 0 },
  },
  {
    name: 'silence after the first bytes of a ServerHello',
    handshake: 'tls',
    limits: fast,
    world: () => afterHello((socket) => void socket.write(Buffer.from([22, 3, 3, 0, 90, 2, 0, 0]))),
    expect: { ...failed, stage: 'tls', outcome: 'timeout', evidence: 'listening', bytesReceived: 8 },
  },
  {
    name: 'HTTP text on a TLS port',
    handshake: 'tls',
    world: () => afterHello((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    expect: { ...failed, stage: 'tls', outcome: 'not_tls', evidence: 'listening' },
  },
  {
    name: 'SSH banner',
    handshake: 'http2',
    world: () => tcpServer((socket) => void socket.resume().write('SSH-2.0-OpenSSH_9.9\r\n')),
    expect: { ...failed, stage: 'tls', outcome: 'not_tls', evidence: 'listening' },
  },
  {
    name: 'a handshake record that is nonsense',
    handshake: 'tls',
    world: () => afterHello((socket) => void socket.write(Buffer.from([22, 3, 3, 0, 4, 20, 0, 0, 0]))),
    expect: {
      ...failed,
      stage: 'tls',
      outcome: 'protocol_error',
      evidence: 'listening',
      reason: 'unexpected_message',
    },
  },
  {
    name: 'only TLS 1.1',
    handshake: 'tls',
    world: (all) =>
      tlsServer(all.good, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    expect: {
      ...failed,
      stage: 'tls',
      outcome: 'tls_alert',
      evidence: 'listening',
      reason: 'protocol_version',
    },
  },
  bad('expired', 'expired'),
  bad('notYetValid', 'not_yet_valid'),
  bad('wrongHost', 'hostname_mismatch'),
  bad('selfSigned', 'self_signed'),
  bad('unknownAuthority', 'unknown_authority'),
  bad('withoutIntermediate', 'unknown_authority'),
  {
    name: 'a bad certificate that is ignored',
    handshake: 'http2',
    target: { certificate: 'ignore' },
    world: (all) => http2Server(all.expired),
    expect: { passed: true, stage: 'http2' },
  },
  ...(['TLSv1.2', 'TLSv1.3'] as const).flatMap((version) =>
    (['tls', 'http2'] as const).map(
      (handshake): Scenario => ({
        name: `a client certificate is required, ${version}, asked for ${handshake}`,
        handshake,
        world: (all) =>
          tlsServer(all.good, {
            ALPNProtocols: ['h2'],
            requestCert: true,
            rejectUnauthorized: true,
            minVersion: version,
            maxVersion: version,
          }),
        expect: {
          ...failed,
          stage: 'tls',
          outcome: 'tls_alert',
          evidence: 'listening',
          reason: version === 'TLSv1.2' ? 'handshake_failure' : 'certificate_required',
        },
      }),
    ),
  ),
  ...(['TLSv1.2', 'TLSv1.3'] as const).map(
    (version): Scenario => ({
      name: `a good handshake, ${version}`,
      handshake: 'tls',
      world: (all) => tlsServer(all.good, { minVersion: version, maxVersion: version }),
      expect: { passed: true, stage: 'tls' },
    }),
  ),
  ...(['P-256', 'P-384', 'P-521'] as const).map(
    (group): Scenario => ({
      name: `a server that knows only ${group}`,
      handshake: 'tls',
      world: (all) => tlsServer(all.good, { ecdhCurve: group }),
      expect: { passed: true, stage: 'tls' },
    }),
  ),
];

/** What can go wrong once TLS stands. */
const HTTP2: readonly Scenario[] = [
  {
    name: 'a good HTTP/2 server',
    handshake: 'http2',
    world: (all) => http2Server(all.good),
    expect: { passed: true, stage: 'http2' },
  },
  {
    name: 'no ALPN',
    handshake: 'http2',
    world: (all) => tlsServer(all.good),
    expect: { ...failed, stage: 'http2', outcome: 'alpn_mismatch', evidence: 'listening', reason: null },
  },
  {
    name: 'ALPN chooses http/1.1',
    handshake: 'http2',
    world: (all) => tlsServer(all.good, { ALPNProtocols: ['http/1.1'] }),
    expect: {
      ...failed,
      stage: 'http2',
      outcome: 'alpn_mismatch',
      evidence: 'listening',
      reason: 'http/1.1',
    },
  },
  {
    name: 'no SETTINGS',
    handshake: 'http2',
    limits: fast,
    world: (all) => h2Speaker(all.good, () => {}),
    expect: {
      ...failed,
      stage: 'http2',
      outcome: 'settings_timeout',
      evidence: 'listening',
      reason: null,
      bytesReceived: 0,
    },
  },
  {
    name: 'SETTINGS without an acknowledgement of ours',
    handshake: 'http2',
    limits: fast,
    world: (all) => h2Speaker(all.good, (socket) => void socket.write(H2.settings)),
    expect: {
      ...failed,
      stage: 'http2',
      outcome: 'settings_timeout',
      evidence: 'listening',
      reason: 'settings_not_acknowledged',
      bytesReceived: 9,
    },
  },
  {
    name: 'SETTINGS byte by byte',
    handshake: 'http2',
    world: (all) =>
      h2Speaker(all.good, (socket) => {
        for (const byte of Buffer.concat([H2.settings, H2.ack])) socket.write(Buffer.from([byte]));
      }),
    expect: { passed: true, stage: 'http2' },
  },
  {
    name: 'SETTINGS, then a GOAWAY without an error',
    handshake: 'http2',
    world: (all) => h2Speaker(all.good, (socket) => socket.end(Buffer.concat([H2.settings, H2.goaway(0)]))),
    expect: { passed: true, stage: 'http2' },
  },
  {
    name: 'SETTINGS, then a GOAWAY with an error',
    handshake: 'http2',
    world: (all) => h2Speaker(all.good, (socket) => socket.end(Buffer.concat([H2.settings, H2.goaway(11)]))),
    expect: {
      ...failed,
      stage: 'http2',
      outcome: 'goaway',
      evidence: 'listening',
      reason: 'enhance_your_calm',
    },
  },
  {
    name: 'GOAWAY before SETTINGS',
    handshake: 'http2',
    world: (all) => h2Speaker(all.good, (socket) => socket.end(H2.goaway(0))),
    expect: {
      ...failed,
      stage: 'http2',
      outcome: 'protocol_error',
      evidence: 'listening',
      reason: 'goaway_before_settings',
    },
  },
  {
    name: 'HTTP/1.1 text after agreeing on h2',
    handshake: 'http2',
    world: (all) => h2Speaker(all.good, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    expect: {
      ...failed,
      stage: 'http2',
      outcome: 'protocol_error',
      evidence: 'listening',
      reason: 'not_http2',
    },
  },
  {
    name: 'FIN after our preface',
    handshake: 'http2',
    world: (all) => h2Speaker(all.good, (socket) => socket.end()),
    expect: { ...failed, stage: 'http2', outcome: 'closed', evidence: 'listening', bytesReceived: 0 },
  },
  {
    name: 'RST after our preface',
    handshake: 'http2',
    world: (all) => h2Speaker(all.good, (_socket, raw) => reset(raw)),
    expect: { ...failed, stage: 'http2', outcome: 'reset', evidence: 'listening' },
  },
  {
    name: 'a flood of PING frames',
    handshake: 'http2',
    world: (all) =>
      h2Speaker(all.good, (socket) => {
        socket.write(H2.settings);
        for (let n = 0; n < 2000; n += 1) socket.write(h2Frame(6, 0, Buffer.alloc(8)));
      }),
    expect: { ...failed, stage: 'http2', outcome: 'protocol_error', evidence: 'listening', reason: 'flood' },
  },
];

/** Every way a port can behave that needs no privileges. */
export const SCENARIOS: readonly Scenario[] = [...TCP, ...TLS, ...HTTP2];
