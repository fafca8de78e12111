import { createSecureServer, type SecureServerOptions } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { connect, createServer } from 'node:net';
import { createServer as createTls, type TLSSocket, type TlsOptions } from 'node:tls';
import type { OutcomeOf } from '../../../lib/outcome/outcome.ts';
import { H2, h2Frame } from '../../support/servers.ts';
import type { LabCertificates } from './certificates.ts';
import {
  alert,
  type Expected,
  type Family,
  noHttp2,
  PASSED,
  type Row,
  row,
  SHOP,
  V12,
  V13_THEIRS,
} from './family.ts';
import type { Site } from './site.ts';

/** Node's own HTTP/2 server, by port. */
const HTTP2: Readonly<Record<number, SecureServerOptions>> = {
  8443: { allowHTTP1: true },
  8445: {},
  8412: { maxVersion: 'TLSv1.2' },
  8450: {
    settings: {
      initialWindowSize: 2 ** 24,
      maxConcurrentStreams: 1000,
      maxHeaderListSize: 65_536,
      enablePush: false,
    },
  },
};

/** SETTINGS with every number allowed, most of them unknown, as some proxies grease them (RFC 8701). */
const manySettings = (): Buffer => {
  const payload = Buffer.alloc(6 * 500);
  for (let n = 0; n < 500; n += 1) payload.writeUInt16BE(0x0a0a + n, n * 6);
  return h2Frame(4, 0, payload);
};
const windowUpdate = h2Frame(8, 0, Uint8Array.of(0, 255, 0, 1));

/** Servers that agree on h2 and then say this, before and after our preface has come. */
const SPEAKERS: Readonly<Record<number, { readonly first?: Buffer; readonly next?: Buffer }>> = {
  8460: { first: Buffer.concat([manySettings(), windowUpdate]), next: H2.ack },
  8461: {
    first: Buffer.concat([H2.settings, windowUpdate]),
    next: Buffer.concat([h2Frame(6, 0, Buffer.alloc(8)), H2.ack]),
  },
  8462: { first: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') },
  8463: { next: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') },
  8464: { first: H2.settings, next: Buffer.concat([H2.ack, H2.goaway(0)]) },
  8466: {},
  8467: { first: H2.settings },
  8468: { first: H2.settings, next: H2.goaway(11) },
  8465: { first: windowUpdate, next: H2.ack },
};

const WANTS_OURS = { requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' } as const;

/** Passes on at once what comes first, and all that follows late, as a busy server would say it. */
function lateAfterFirst(site: Site, port: number, to: number): void {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const there = connect(to, site.address);
    for (const side of [socket, there]) side.on('error', () => side.destroy());
    socket.pipe(there);
    there.once('data', (flight: Buffer) => {
      socket.write(flight);
      there.on('data', (chunk: Buffer) => setTimeout(() => socket.write(chunk), 250));
    });
  });
  site.keep(server.listen(port, site.address));
}

async function start(site: Site, { identities }: LabCertificates): Promise<void> {
  const identity = identities['P-256'];
  for (const [port, options] of Object.entries(HTTP2)) {
    const server = createSecureServer({ ...identity, ...options });
    server.on('sessionError', () => {});
    site.keep(server.listen(Number(port), site.address));
  }
  site.keep(createHttps(identity).listen(8444, site.address));
  const plain = (port: number, options: TlsOptions, act: (socket: TLSSocket) => void): void => {
    const server = createTls({ ...identity, ...options }, (socket) => {
      socket.on('error', () => socket.destroy());
      act(socket);
    });
    site.keep(server.on('tlsClientError', () => {}).listen(port, site.address));
  };
  plain(8446, {}, (socket) => socket.resume());
  plain(8447, { ALPNProtocols: ['imap'] }, (socket) => void socket.resume().write('* OK ready\r\n'));
  plain(8470, WANTS_OURS, (socket) => socket.resume());
  lateAfterFirst(site, 8471, 8470);
  for (const [port, { first, next }] of Object.entries(SPEAKERS)) {
    plain(Number(port), { ALPNProtocols: ['h2'] }, (socket) => {
      if (first) socket.write(first);
      socket.once('data', () => {
        if (next) socket.write(next);
      });
    });
  }
}

const http2Failure = (outcome: OutcomeOf<'http2'>, reason: string | null): Expected => ({
  passed: false,
  stage: 'http2',
  outcome,
  evidence: 'listening',
  reason,
});
const broken = (reason: string): Expected => http2Failure('protocol_error', reason);
const H2_AGREED = { tls: { ...V13_THEIRS, alpn: 'h2' }, certificate: SHOP } as const;

const rows: readonly Row[] = [
  row(8443, 'http2', 'HTTP/2 or HTTP/1.1', PASSED, H2_AGREED),
  row(8444, 'http2', 'https', noHttp2('http/1.1'), {
    tls: { ...V13_THEIRS, alpn: 'http/1.1' },
    certificate: SHOP,
  }),
  row(8444, 'tls', 'https, TLS alone', PASSED),
  row(8445, 'http2', 'HTTP/2 alone', PASSED, H2_AGREED),
  row(8412, 'http2', 'TLS 1.2 alone', PASSED, { tls: { ...V12, alpn: 'h2' }, certificate: SHOP }),
  row(8446, 'http2', 'TLS without ALPN', noHttp2(null), {
    tls: { ...V13_THEIRS, alpn: null },
    certificate: SHOP,
  }),
  row(8447, 'tls', 'another protocol in ALPN, a greeting inside TLS', PASSED, { certificate: SHOP }),
  row(8447, 'http2', 'another protocol in ALPN, asked for HTTP/2', alert('no_application_protocol')),
  row(8470, 'tls', 'client certificate required', alert('certificate_required'), { certificate: SHOP }),
  row(8471, 'tls', 'client certificate required, said late', alert('certificate_required'), {
    tls: V13_THEIRS,
    certificate: SHOP,
  }),
  row(8450, 'http2', 'many SETTINGS', PASSED, H2_AGREED),
  row(8460, 'http2', 'a large SETTINGS and WINDOW_UPDATE before our preface', PASSED, H2_AGREED),
  row(8461, 'http2', 'WINDOW_UPDATE and PING before the acknowledgement', PASSED),
  row(8462, 'http2', 'HTTP/1.1 text before our preface', broken('not_http2'), H2_AGREED),
  row(8463, 'http2', 'HTTP/1.1 text after our preface', broken('not_http2'), H2_AGREED),
  row(8464, 'http2', 'GOAWAY right after the acknowledgement', PASSED),
  row(8466, 'http2', 'no SETTINGS', http2Failure('settings_timeout', null), H2_AGREED),
  row(
    8467,
    'http2',
    'no acknowledgement',
    http2Failure('settings_timeout', 'settings_not_acknowledged'),
    H2_AGREED,
  ),
  row(8468, 'http2', 'GOAWAY with an error', http2Failure('goaway', 'enhance_your_calm'), H2_AGREED),
  row(8465, 'http2', 'WINDOW_UPDATE instead of SETTINGS', broken('not_http2'), H2_AGREED),
];

export const node: Family = { name: 'Node', program: 'node', start, rows };
