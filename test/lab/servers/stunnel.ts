import type { LabCertificates } from './certificates.ts';
import { alert, type Family, noHttp2, PASSED, type Row, row, SHOP, V13 } from './family.ts';
import type { Site } from './site.ts';

/** stunnel's words for one port. */
const PORTS: Readonly<Record<number, string>> = {
  8443: '',
  8412: 'sslVersionMax = TLSv1.2',
  8413: 'sslVersionMin = TLSv1.3',
  8422: 'sslVersionMax = TLSv1.2\nverifyChain = yes\nCAfile = TRUST',
  8423: 'sslVersionMin = TLSv1.3\nverifyChain = yes\nCAfile = TRUST',
};

async function start(site: Site, { identities, trust }: LabCertificates, program: string): Promise<void> {
  const { cert, key } = await site.identity('shop', identities['P-256']);
  const authority = await site.file('trust.pem', trust.join('\n'));
  // Nothing listens where they connect to: TLS stands in front of a service that is down.
  const services = Object.entries(PORTS).map(
    ([port, words]) => `[s${port}]
accept = ${site.address}:${port}
connect = ${site.address}:9
cert = ${cert}
key = ${key}
${words.replace('TRUST', authority)}`,
  );
  const configuration = await site.file(
    'stunnel.conf',
    `foreground = yes\npid = ${site.directory}/pid\n${services.join('\n')}\n`,
  );
  site.spawn([program, configuration]);
}

const rows: readonly Row[] = [
  row(8443, 'tls', 'TLS in front of a service that is down', PASSED, {
    tls: { ...V13, alpn: null },
    certificate: SHOP,
  }),
  row(8443, 'http2', 'TLS without ALPN', noHttp2(null), { tls: { ...V13, alpn: null }, certificate: SHOP }),
  row(8412, 'tls', 'TLS 1.2 alone', PASSED, { tls: { version: 'TLSv1.2' }, certificate: SHOP }),
  row(8413, 'tls', 'TLS 1.3 alone', PASSED, { tls: { version: 'TLSv1.3' }, certificate: SHOP }),
  row(8422, 'tls', 'client certificate required, TLS 1.2', alert('handshake_failure'), {
    tls: { version: 'TLSv1.2' },
    certificate: SHOP,
  }),
  row(8423, 'tls', 'client certificate required, TLS 1.3', alert('certificate_required'), {
    tls: { ...V13 },
    certificate: SHOP,
  }),
];

export const stunnel: Family = { name: 'stunnel', program: 'stunnel4', start, rows };
