import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { H2 } from '../../support/servers.ts';
import {
  type Expected,
  type Family,
  NOT_TLS,
  NOTHING_AGREED,
  PASSED,
  protocolError,
  REFUSED,
  type Row,
  row,
} from './family.ts';
import type { Site } from './site.ts';

/** What services say first, or say to a ClientHello. */
const FIRST_WORDS: Readonly<Record<string, string | Uint8Array>> = {
  'SMTP greeting': '220 mail.shop.test ESMTP\r\n',
  'FTP greeting': '220 (vsFTPd 3.0.5)\r\n',
  'IMAP greeting': '* OK [CAPABILITY IMAP4rev1 STARTTLS] ready.\r\n',
  'POP3 greeting': '+OK ready\r\n',
  'MySQL greeting': Buffer.from('4a0000000a382e302e3336000c000000', 'hex'),
  'VNC greeting': 'RFB 003.008\n',
  'Telnet negotiation': Uint8Array.of(255, 253, 24, 255, 253, 32),
  'XMPP stream': "<?xml version='1.0'?><stream:stream xmlns='jabber:client'>",
  'AMQP header': Buffer.from('414d515000000901', 'hex'),
  'LDAP notice of disconnection': Buffer.from('302402010078', 'hex'),
  'RDP negotiation failure': Buffer.from('030000130ed000001234000300080005000000', 'hex'),
  'PostgreSQL error': 'EFATAL  unsupported frontend protocol\0',
  'Memcached error': 'ERROR\r\n',
  'HTTP error': 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n',
  'SETTINGS without TLS': H2.settings,
  'HTML of a login page': '<html><body>Log in</body></html>',
};

/** Ports that begin like TLS, or nearly. */
const NEARLY: readonly { readonly name: string; readonly bytes: Uint8Array; readonly expect: Expected }[] = [
  {
    name: 'application data first',
    bytes: Uint8Array.of(23, 3, 3, 0, 2, 1, 1),
    expect: protocolError('unexpected_message'),
  },
  {
    name: 'a record longer than any',
    bytes: Uint8Array.of(22, 3, 3, 255, 255, 1),
    expect: protocolError('data_length_too_long'),
  },
];

const names = Object.keys(FIRST_WORDS);
const QUIC_ONLY = 7443;
const serve = (site: Site, port: number, act: (socket: Socket) => void): void => {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    act(socket.resume());
  });
  site.keep(server.listen(port, site.address));
};

async function start(site: Site): Promise<void> {
  for (const [n, words] of Object.values(FIRST_WORDS).entries()) {
    serve(site, 7000 + n, (socket) => void socket.write(words));
    serve(site, 7100 + n, (socket) => void socket.once('data', () => socket.end(words)));
  }
  for (const [n, { bytes }] of NEARLY.entries()) {
    serve(site, 7200 + n, (socket) => void socket.write(bytes));
  }
  const quic = createSocket('udp4');
  quic.bind(QUIC_ONLY, site.address);
  site.keep(quic);
}

export const words: Family = {
  name: 'services that speak no TLS',
  program: 'ss',
  start,
  rows: [
    ...names.flatMap((name, n): readonly Row[] => [
      row(7000 + n, 'tls', `${name}, at once`, NOT_TLS, NOTHING_AGREED),
      row(7100 + n, 'http2', `${name}, in answer, then FIN`, NOT_TLS, NOTHING_AGREED),
      row(7000 + n, 'tcp', `${name}, TCP alone`, PASSED),
    ]),
    ...NEARLY.map(({ name, expect }, n) => row(7200 + n, 'tls', name, expect, NOTHING_AGREED)),
    row(QUIC_ONLY, 'http2', 'QUIC alone, nothing on TCP', REFUSED),
  ],
  closed: [QUIC_ONLY],
};
