import type { LabCertificates } from './certificates.ts';
import {
  alert,
  CLOSED,
  type Family,
  NOT_TLS,
  NOTHING_AGREED,
  noHttp2,
  PASSED,
  RESET,
  RESET_AT_ONCE,
  type Row,
  row,
  SHOP,
  V12,
  V13_THEIRS,
} from './family.ts';
import type { Site } from './site.ts';

/** HAProxy's words for one port: what follows the address in `bind`, then the rest of the frontend. */
interface Port {
  readonly port: number;
  readonly bind: string;
  readonly rest?: string;
}

const OLD = 'ciphers DEFAULT@SECLEVEL=0';
const PORTS: readonly Port[] = [
  { port: 8443, bind: 'ssl crt SHOP alpn h2,http/1.1' },
  { port: 8444, bind: 'ssl crt SHOP alpn http/1.1' },
  { port: 8445, bind: 'ssl crt SHOP alpn h2' },
  { port: 8446, bind: 'ssl crt SHOP' },
  { port: 8410, bind: `ssl crt SHOP ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.0 ${OLD}` },
  { port: 8412, bind: 'ssl crt SHOP ssl-max-ver TLSv1.2 ciphers ECDHE-ECDSA-AES128-GCM-SHA256 alpn h2' },
  { port: 8413, bind: 'ssl crt SHOP ssl-min-ver TLSv1.3 alpn h2' },
  {
    port: 8422,
    bind: 'ssl crt SHOP ssl-max-ver TLSv1.2 ciphers ECDHE-ECDSA-AES128-GCM-SHA256 alpn h2 verify required ca-file TRUST',
  },
  { port: 8423, bind: 'ssl crt SHOP ssl-min-ver TLSv1.3 alpn h2 verify required ca-file TRUST' },
  { port: 8430, bind: 'ssl crt SHOP alpn h2 strict-sni' },
  { port: 8440, bind: 'accept-proxy ssl crt SHOP alpn h2' },
  { port: 8450, bind: 'ssl crt SHOP alpn h2', rest: 'tcp-request connection reject' },
  {
    port: 8451,
    bind: '',
    rest: 'mode tcp\n tcp-request inspect-delay 5s\n tcp-request content reject if { req.ssl_hello_type 1 }',
  },
  { port: 8080, bind: '' },
];

async function start(site: Site, { identities, trust }: LabCertificates, program: string): Promise<void> {
  const { both } = await site.identity('shop', identities['P-256']);
  const authority = await site.file('trust.pem', trust.join('\n'));
  const frontends = PORTS.map(
    ({ port, bind, rest = '' }) => `frontend f${port}
 bind ${site.address}:${port} ${bind.replace('SHOP', both).replace('TRUST', authority)}
 ${rest}`,
  );
  const configuration = await site.file(
    'haproxy.cfg',
    `global
 maxconn 200
defaults
 mode http
 timeout client 30s
 timeout server 30s
 timeout connect 5s
${frontends.join('\n')}
`,
  );
  site.spawn([program, '-db', '-f', configuration]);
}

const rows: readonly Row[] = [
  // No backend stands behind it: a 503 is listening.
  row(8443, 'http2', 'HTTP/2', PASSED, { tls: { ...V13_THEIRS, alpn: 'h2' }, certificate: SHOP }),
  row(8444, 'http2', 'HTTP/1.1 alone', noHttp2('http/1.1'), {
    tls: { ...V13_THEIRS, alpn: 'http/1.1' },
    certificate: SHOP,
  }),
  row(8445, 'http2', 'h2 alone', PASSED, { tls: { ...V13_THEIRS, alpn: 'h2' }, certificate: SHOP }),
  row(8446, 'http2', 'no ALPN', noHttp2(null), { tls: { ...V13_THEIRS, alpn: null }, certificate: SHOP }),
  row(8446, 'tls', 'no ALPN, TLS alone', PASSED),
  row(8410, 'http2', 'TLS 1.0 alone', alert('protocol_version'), NOTHING_AGREED),
  row(8412, 'http2', 'TLS 1.2 alone', PASSED, { tls: { ...V12, alpn: 'h2' }, certificate: SHOP }),
  row(8413, 'http2', 'TLS 1.3 alone', PASSED, { tls: { ...V13_THEIRS, alpn: 'h2' }, certificate: SHOP }),
  ...(['tls', 'http2'] as const).flatMap((handshake) => {
    const alpn = handshake === 'http2' ? 'h2' : null;
    const wanted = `client certificate required, asked for ${handshake}`;
    return [
      row(8422, handshake, `${wanted}, TLS 1.2`, alert('handshake_failure'), {
        tls: { ...V12, alpn },
        certificate: SHOP,
      }),
      row(8423, handshake, `${wanted}, TLS 1.3`, alert('certificate_required'), {
        tls: { ...V13_THEIRS, alpn },
        certificate: SHOP,
      }),
    ];
  }),
  row(8430, 'http2', 'strict-sni, the right name', PASSED, { certificate: SHOP }),
  row(8430, 'http2', 'strict-sni, another name', alert('unrecognized_name'), {
    target: { serverName: 'other.test' },
    ...NOTHING_AGREED,
  }),
  row(8430, 'http2', 'strict-sni, no name', alert('unrecognized_name'), {
    target: { host: '127.0.0.1' },
    ...NOTHING_AGREED,
  }),
  row(8440, 'http2', 'a PROXY header is expected', RESET, NOTHING_AGREED),
  row(8440, 'tcp', 'a PROXY header is expected, TCP alone', PASSED),
  row(8450, 'http2', 'the connection is rejected', RESET_AT_ONCE),
  row(8451, 'tls', 'the ClientHello is rejected', CLOSED, NOTHING_AGREED),
  row(8080, 'http2', 'plain HTTP', NOT_TLS),
];

export const haproxy: Family = { name: 'HAProxy', program: 'haproxy', start, rows };
