import type { IdentityName, LabCertificates } from './certificates.ts';
import {
  alert,
  type Family,
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

/** One `openssl s_server`: its options, and the certificate that it shows unless it shows none. */
interface Port {
  readonly port: number;
  readonly options: string;
  readonly identity?: IdentityName | null;
}

const OLD = '-cipher DEFAULT@SECLEVEL=0';
const PORTS: readonly Port[] = [
  { port: 4410, options: `-tls1 ${OLD}` },
  { port: 4411, options: `-tls1_1 ${OLD}` },
  { port: 4412, options: '-tls1_2 -alpn h2' },
  { port: 4413, options: '-tls1_3 -alpn h2' },
  { port: 4420, options: '-alpn http/1.1' },
  { port: 4421, options: '-alpn smtp' },
  { port: 4430, options: '-tls1_2 -servername other.test -cert2 OTHER -key2 OTHER' },
  { port: 4431, options: '-servername other.test -servername_fatal -cert2 OTHER -key2 OTHER' },
  { port: 4440, options: '-nocert', identity: null },
  { port: 4441, options: '-tls1_2 -cipher NULL-SHA256@SECLEVEL=0', identity: 'RSA' },
  { port: 4443, options: '-tls1_3 -groups ffdhe2048' },
  { port: 4444, options: '-groups P-521' },
  { port: 4445, options: '-tls1_3 -ciphersuites TLS_AES_128_CCM_8_SHA256' },
  { port: 4446, options: '-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256' },
  { port: 4447, options: '-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA' },
  { port: 4448, options: '-tls1_2 -cipher AES128-SHA256', identity: 'RSA' },
  { port: 4450, options: '-max_send_frag 512', identity: 'ten intermediates' },
  { port: 4452, options: '-tls1_2 -Verify 1 -verify_return_error' },
  { port: 4453, options: '-tls1_3 -Verify 1 -verify_return_error' },
  { port: 4454, options: '-tls1_3 -verify 1' },
  { port: 4460, options: '-tls1_3 -psk 1a2b3c -nocert', identity: null },
];

async function start(site: Site, { identities }: LabCertificates, program: string): Promise<void> {
  const other = await site.identity('other', identities['wrong host']);
  for (const { port, options, identity = 'P-256' } of PORTS) {
    const words = options.replaceAll('OTHER', other.both).split(' ');
    const shown: string[] = [];
    if (identity) {
      const { cert, key, above } = await site.identity(identity, identities[identity]);
      shown.push('-cert', cert, '-key', key, ...(above ? ['-cert_chain', above] : []));
    }
    const listen = ['-accept', `${site.address}:${port}`, '-www', '-quiet'];
    site.spawn([program, 's_server', ...listen, ...shown, ...words]);
  }
}

const rows: readonly Row[] = [
  row(4410, 'tls', 'TLS 1.0 alone', alert('protocol_version'), NOTHING_AGREED),
  row(4411, 'http2', 'TLS 1.1 alone', alert('protocol_version'), NOTHING_AGREED),
  row(4412, 'tls', 'TLS 1.2 alone', PASSED, { tls: V12, certificate: SHOP }),
  row(4413, 'tls', 'TLS 1.3 alone', PASSED, { tls: V13, certificate: SHOP }),
  row(4420, 'http2', 'http/1.1 alone', noHttp2('http/1.1'), {
    tls: { ...V13, alpn: 'http/1.1' },
    certificate: SHOP,
  }),
  row(4421, 'http2', 'smtp alone, asked for HTTP/2', alert('no_application_protocol'), NOTHING_AGREED),
  row(4421, 'tls', 'smtp alone, TLS alone', PASSED, { tls: { ...V13, alpn: null }, certificate: SHOP }),
  row(4430, 'tls', 'a warning about the name, then the handshake', PASSED, { tls: V12, certificate: SHOP }),
  row(4431, 'tls', 'another name is fatal', alert('unrecognized_name'), NOTHING_AGREED),
  row(4440, 'tls', 'no certificate at all', alert('handshake_failure'), NOTHING_AGREED),
  row(4441, 'tls', 'no encryption offered', alert('handshake_failure'), NOTHING_AGREED),
  row(4443, 'tls', 'no group in common', alert('handshake_failure'), NOTHING_AGREED),
  row(4444, 'tls', 'P-521 alone: a second ClientHello', PASSED, { tls: V13, certificate: SHOP }),
  row(4445, 'tls', 'no cipher in common', alert('handshake_failure'), NOTHING_AGREED),
  row(4446, 'tls', 'ChaCha20 alone', PASSED, { tls: { cipher: 'TLS_CHACHA20_POLY1305_SHA256' } }),
  row(4447, 'tls', 'CBC with SHA-1 alone', PASSED, {
    tls: { cipher: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA' },
  }),
  row(4448, 'tls', 'RSA key exchange alone', PASSED, { tls: { cipher: 'TLS_RSA_WITH_AES_128_CBC_SHA256' } }),
  row(4450, 'tls', 'small records, long chain', PASSED, { certificate: { chain: 11 } }),
  row(4452, 'tls', 'client certificate required, TLS 1.2', alert('handshake_failure'), {
    tls: V12,
    certificate: SHOP,
  }),
  row(4453, 'tls', 'client certificate required, TLS 1.3', alert('certificate_required'), {
    tls: V13,
    certificate: SHOP,
  }),
  row(4454, 'tls', 'client certificate asked for, not required', PASSED, { tls: V13, certificate: SHOP }),
  row(4460, 'tls', 'a shared key alone', alert('handshake_failure'), NOTHING_AGREED),
];

export const openssl: Family = { name: 'openssl s_server', program: 'openssl', start, rows };
