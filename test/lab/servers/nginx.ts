import type { LabCertificates } from './certificates.ts';
import {
  alert,
  badCertificate,
  type Family,
  NOT_TLS,
  NOTHING_AGREED,
  noHttp2,
  PASSED,
  RESET,
  type Row,
  row,
  SHOP,
  V12,
  V13,
} from './family.ts';
import type { Site } from './site.ts';

/** nginx's words for one port: what follows `listen`, then the rest of the server block. */
interface Port {
  readonly port: number;
  readonly listen: string;
  readonly rest?: string;
}

const PORTS: readonly Port[] = [
  { port: 8443, listen: 'ssl http2' },
  { port: 8444, listen: 'ssl' },
  { port: 8410, listen: 'ssl http2', rest: 'ssl_protocols TLSv1; ssl_ciphers DEFAULT@SECLEVEL=0;' },
  { port: 8411, listen: 'ssl http2', rest: 'ssl_protocols TLSv1.1; ssl_ciphers DEFAULT@SECLEVEL=0;' },
  { port: 8412, listen: 'ssl http2', rest: 'ssl_protocols TLSv1.2;' },
  { port: 8413, listen: 'ssl http2', rest: 'ssl_protocols TLSv1.3;' },
  { port: 8422, listen: 'ssl http2', rest: 'ssl_protocols TLSv1.2; ssl_verify_client on;' },
  { port: 8423, listen: 'ssl http2', rest: 'ssl_protocols TLSv1.3; ssl_verify_client on;' },
  { port: 8430, listen: 'ssl http2 default_server', rest: 'ssl_reject_handshake on;' },
  { port: 8430, listen: 'ssl http2', rest: 'server_name shop.test;' },
  { port: 8440, listen: 'ssl http2 proxy_protocol' },
  { port: 8080, listen: '' },
  { port: 8081, listen: 'http2' },
];

const block = (address: string, { port, listen, rest = '' }: Port, verify: string): string =>
  `server { listen ${address}:${port} ${listen}; ${rest} ${rest.includes('verify_client') ? verify : ''} location / { return 503; } }`;

async function start(site: Site, { identities, trust }: LabCertificates, program: string): Promise<void> {
  const { cert, key } = await site.identity('shop', identities['P-256']);
  const authority = await site.file('trust.pem', trust.join('\n'));
  const verify = `ssl_client_certificate ${authority};`;
  await startNginx(
    site,
    program,
    `ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate ${cert}; ssl_certificate_key ${key};
     ${PORTS.map((port) => block(site.address, port, verify)).join('\n')}`,
  );
}

/** nginx with what an http block of its configuration is to hold. */
export async function startNginx(site: Site, program: string, http: string): Promise<void> {
  const path = (name: string): string => `${site.directory}/${name}`;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const configuration = await site.file(
    'nginx.conf',
    `daemon off; pid ${path('pid')}; error_log ${path('error.log')}; worker_processes 1; events {}
     http { access_log off; ${temporary.map((name) => `${name}_temp_path ${path(name)};`).join(' ')} ${http} }`,
  );
  site.spawn([program, '-e', path('error.log'), '-c', configuration]);
}

const named = (serverName: string) => ({ target: { serverName } });
const hosted = (host: string) => ({ target: { host } });

const rows: readonly Row[] = [
  row(8443, 'http2', 'HTTP/2', PASSED, { tls: { ...V13, alpn: 'h2' }, certificate: SHOP }),
  row(8443, 'tls', 'TLS, of an HTTP/2 port', PASSED, { tls: { ...V13, alpn: null }, certificate: SHOP }),
  row(8444, 'http2', 'HTTP/1.1 alone', noHttp2('http/1.1'), {
    tls: { ...V13, alpn: 'http/1.1' },
    certificate: SHOP,
  }),
  row(8410, 'tls', 'TLS 1.0 alone', alert('protocol_version'), NOTHING_AGREED),
  row(8411, 'http2', 'TLS 1.1 alone', alert('protocol_version'), NOTHING_AGREED),
  row(8412, 'http2', 'TLS 1.2 alone', PASSED, { tls: { ...V12, alpn: 'h2' }, certificate: SHOP }),
  row(8413, 'http2', 'TLS 1.3 alone', PASSED, { tls: { ...V13, alpn: 'h2' }, certificate: SHOP }),
  // nginx finishes the handshake and answers 400 in HTTP: it is listening, and serves.
  row(8422, 'http2', 'client certificate required, TLS 1.2', PASSED),
  row(8423, 'http2', 'client certificate required, TLS 1.3', PASSED),
  row(8423, 'tls', 'client certificate required, TLS 1.3, TLS alone', PASSED),
  row(8430, 'http2', 'the right name where others are rejected', PASSED, { certificate: SHOP }),
  row(8430, 'http2', 'another name where others are rejected', alert('unrecognized_name'), {
    ...named('other.test'),
    ...NOTHING_AGREED,
  }),
  row(8430, 'tls', 'no name where others are rejected', alert('unrecognized_name'), hosted('127.0.0.1')),
  row(8443, 'http2', 'an address as host, without a server name', PASSED, hosted('127.0.0.1')),
  row(8443, 'http2', 'an IPv6 address as host', PASSED, hosted('::1')),
  row(8443, 'http2', 'an address that the certificate lacks', badCertificate('hostname_mismatch'), {
    ...hosted('127.0.0.9'),
    tls: { ...V13, alpn: 'h2' },
    certificate: SHOP,
  }),
  row(8443, 'http2', 'a label that the wildcard stands for', PASSED, named('eu.shop.test')),
  row(
    8443,
    'http2',
    'two labels for one wildcard',
    badCertificate('hostname_mismatch'),
    named('a.eu.shop.test'),
  ),
  row(8443, 'http2', 'upper case', PASSED, hosted('SHOP.Test')),
  row(8430, 'http2', 'the dot that ends a name', PASSED, hosted('shop.test.')),
  row(8443, 'http2', 'an international name', PASSED, hosted('xn--bcher-kva.test')),
  row(8440, 'http2', 'a PROXY header is expected', RESET, NOTHING_AGREED),
  row(8440, 'tcp', 'a PROXY header is expected, TCP alone', PASSED),
  row(8080, 'tls', 'plain HTTP, asked for TLS', NOT_TLS),
  row(8080, 'http2', 'plain HTTP, asked for HTTP/2', NOT_TLS),
  row(8081, 'http2', 'HTTP/2 without TLS', NOT_TLS),
  row(8080, 'tcp', 'plain HTTP, TCP alone', PASSED),
];

export const nginx: Family = { name: 'nginx', program: 'nginx', start, rows };
