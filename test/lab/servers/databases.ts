import type { LabCertificates } from './certificates.ts';
import {
  alert,
  CLOSED,
  type Family,
  NOTHING_AGREED,
  noHttp2,
  PASSED,
  type Row,
  row,
  SHOP,
  SILENT,
  V13,
} from './family.ts';
import { find, type Site } from './site.ts';

async function startPostgres(site: Site, { identities }: LabCertificates, program: string): Promise<void> {
  const data = `${site.directory}/data`;
  const { cert, key } = await site.identity('shop', identities['P-256']);
  const initdb = (await find('initdb')) ?? 'initdb';
  await site.run(
    initdb,
    '-D',
    data,
    '-U',
    'lab',
    '-A',
    'trust',
    '-N',
    '--no-instructions',
    '-E',
    'UTF8',
    '--locale',
    'C',
  );
  const settings = {
    listen_addresses: site.address,
    port: '5432',
    unix_socket_directories: '',
    ssl: 'on',
    ssl_cert_file: cert,
    ssl_key_file: key,
    fsync: 'off',
  };
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  site.spawn([program, '-D', data, ...words]);
}

/** Its TLS comes only after an SSLRequest of its own protocol: it takes a ClientHello for a startup packet without end. */
export const postgres: Family = {
  name: 'PostgreSQL',
  program: 'postgres',
  start: startPostgres,
  rows: [
    row(5432, 'tcp', 'TCP alone', PASSED),
    row(5432, 'tls', 'asked for TLS', CLOSED, NOTHING_AGREED),
    row(5432, 'http2', 'asked for HTTP/2', CLOSED, NOTHING_AGREED),
  ],
};

async function startRedis(
  site: Site,
  { identities, trust }: LabCertificates,
  program: string,
): Promise<void> {
  const { cert, key } = await site.identity('shop', identities['P-256']);
  const authority = await site.file('trust.pem', trust.join('\n'));
  const tls = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', authority];
  const common = ['--bind', site.address, '--save', '', '--dir', site.directory, '--daemonize', 'no'];
  site.spawn([
    program,
    ...common,
    '--port',
    '6379',
    '--tls-port',
    '6380',
    ...tls,
    '--tls-auth-clients',
    'no',
  ]);
  site.spawn([program, ...common, '--port', '0', '--tls-port', '6381', ...tls, '--tls-auth-clients', 'yes']);
}

const redisRows: readonly Row[] = [
  row(6379, 'tcp', 'plain, TCP alone', PASSED),
  // It looks for the end of a line and stops at the first zero byte.
  row(6379, 'tls', 'plain, asked for TLS', SILENT, NOTHING_AGREED),
  row(6380, 'tls', 'TLS', PASSED, { tls: { ...V13, alpn: null }, certificate: SHOP }),
  row(6380, 'http2', 'TLS, asked for HTTP/2', noHttp2(null), {
    tls: { ...V13, alpn: null },
    certificate: SHOP,
  }),
  row(6381, 'tls', 'client certificate required', alert('certificate_required'), {
    tls: V13,
    certificate: SHOP,
  }),
];

export const redis: Family = { name: 'Redis', program: 'redis-server', start: startRedis, rows: redisRows };
