import type { LabCertificates } from './certificates.ts';
import {
  alert,
  type Family,
  NOT_TLS,
  NOTHING_AGREED,
  noHttp2,
  PASSED,
  type Row,
  row,
  SHOP,
  V12,
  V13,
} from './family.ts';
import type { Site } from './site.ts';

interface Port {
  readonly port: number;
  readonly protocols: string;
  readonly tls?: string;
}

const REQUIRE = 'client_auth {\n mode require_and_verify\n trusted_ca_cert_file TRUST\n }';
const PORTS: readonly Port[] = [
  { port: 8443, protocols: 'h1 h2 h3' },
  { port: 8444, protocols: 'h1' },
  { port: 8412, protocols: 'h1 h2', tls: 'protocols tls1.2 tls1.2' },
  { port: 8422, protocols: 'h1 h2', tls: `protocols tls1.2 tls1.2\n ${REQUIRE}` },
  { port: 8423, protocols: 'h1 h2', tls: `protocols tls1.3 tls1.3\n ${REQUIRE}` },
];

async function start(site: Site, { identities, trust }: LabCertificates, program: string): Promise<void> {
  const { cert, key } = await site.identity('shop', identities['P-256']);
  const authority = await site.file('trust.pem', trust.join('\n'));
  const servers = PORTS.map(
    ({ port, protocols }) => ` servers ${site.address}:${port} {\n protocols ${protocols}\n }`,
  );
  const sites = PORTS.map(
    ({ port, tls = '' }) => `https://shop.test:${port} {
 bind ${site.address}
 tls ${cert} ${key} {
 ${tls.replace('TRUST', authority)}
 }
 respond 503
}`,
  );
  const configuration = await site.file(
    'Caddyfile',
    `{
 admin off
 auto_https off
 storage file_system ${site.directory}
${servers.join('\n')}
}
${sites.join('\n')}
http://:8080 {
 bind ${site.address}
 respond 503
}
`,
  );
  const home = { HOME: site.directory, XDG_DATA_HOME: site.directory, XDG_CONFIG_HOME: site.directory };
  site.spawn([program, 'run', '--adapter', 'caddyfile', '--config', configuration], home);
}

// Go's words for a client without a certificate changed between its versions.
const REFUSES_US = alert('bad_certificate', 'certificate_required', 'handshake_failure');
const rows: readonly Row[] = [
  row(8443, 'http2', 'HTTP/2, with HTTP/3 on the same port', PASSED, {
    tls: { ...V13, alpn: 'h2' },
    certificate: SHOP,
  }),
  row(8444, 'http2', 'HTTP/1.1 alone', noHttp2('http/1.1'), {
    tls: { ...V13, alpn: 'http/1.1' },
    certificate: SHOP,
  }),
  row(8412, 'http2', 'TLS 1.2 alone', PASSED, { tls: { ...V12, alpn: 'h2' }, certificate: SHOP }),
  row(8422, 'http2', 'client certificate required, TLS 1.2', REFUSES_US, {
    tls: { version: 'TLSv1.2', alpn: 'h2' },
    certificate: SHOP,
  }),
  row(8423, 'http2', 'client certificate required, TLS 1.3', REFUSES_US, {
    tls: { version: 'TLSv1.3', alpn: 'h2' },
    certificate: SHOP,
  }),
  row(8423, 'tls', 'client certificate required, TLS 1.3, TLS alone', REFUSES_US, {
    tls: { version: 'TLSv1.3', alpn: null },
    certificate: SHOP,
  }),
  row(8443, 'http2', 'a name without a certificate', alert('internal_error'), {
    target: { serverName: 'other.example' },
    ...NOTHING_AGREED,
  }),
  row(8080, 'http2', 'plain HTTP', NOT_TLS),
];

export const caddy: Family = { name: 'Caddy', program: 'caddy', start, rows };
