import type { IdentityName, LabCertificates } from './certificates.ts';
import {
  alert,
  badCertificate,
  type Expected,
  type Family,
  PASSED,
  protocolError,
  type Row,
  SHOP,
  V12,
  V13,
} from './family.ts';
import { startNginx } from './nginx.ts';
import type { Site } from './site.ts';

type Version = 'TLSv1.2' | 'TLSv1.3';

/** What is said of each kind of certificate, and of the certificate itself where that is not plain. */
interface Shown {
  readonly expect: Expected;
  readonly before13?: Expected;
  readonly certificate?: Row['certificate'];
}

const shown = (expect: Expected, certificate?: Row['certificate']): Shown =>
  certificate === undefined ? { expect } : { expect, certificate };
const ALONE = { subject: 'CN=shop.test', issuer: 'CN=Lab root', chain: 1 } as const;

const KINDS: Readonly<Record<IdentityName, Shown>> = {
  'P-256': shown(PASSED, SHOP),
  'P-384': shown(PASSED, SHOP),
  'P-521': shown(PASSED, SHOP),
  Ed25519: shown(PASSED, SHOP),
  RSA: shown(PASSED, SHOP),
  'RSA-PSS': shown(PASSED, ALONE),
  'RSA below ECDSA': shown(PASSED, SHOP),
  'missing intermediate': shown(badCertificate('unknown_authority'), { ...SHOP, chain: 1 }),
  'intermediate twice, root too': shown(PASSED, { ...SHOP, chain: 4 }),
  'wrong order, a stranger among them': shown(PASSED, { ...SHOP, chain: 4 }),
  'no subject': shown(PASSED, { ...ALONE, subject: '' }),
  'ten intermediates': shown(PASSED, { chain: 11 }),
  'cross-signed': shown(PASSED, { ...SHOP, chain: 3 }),
  expired: shown(badCertificate('expired'), ALONE),
  'not yet valid': shown(badCertificate('not_yet_valid'), ALONE),
  'expired intermediate': shown(badCertificate('issuer_expired'), SHOP),
  'wrong host': shown(badCertificate('hostname_mismatch'), {
    subject: 'CN=other.test',
    names: ['other.test', '127.0.0.1', '0:0:0:0:0:0:0:1'],
  }),
  'self-signed': shown(badCertificate('self_signed'), { ...ALONE, issuer: 'CN=shop.test' }),
  'self-signed and expired': shown(badCertificate('expired')),
  'unknown authority': shown(badCertificate('unknown_authority'), { ...ALONE, issuer: 'CN=Stranger' }),
  'unknown authority, root sent': shown(badCertificate('unknown_authority'), {
    issuer: 'CN=Stranger',
    chain: 2,
  }),
  'common name only': shown(badCertificate('hostname_mismatch'), { ...ALONE, names: [] }),
  'address only': shown(badCertificate('hostname_mismatch')),
  'name constraints that allow': shown(PASSED),
  'name constraints that forbid': shown(badCertificate('name_constraint'), SHOP),
  'an authority as leaf': shown(PASSED),
  'signed by a leaf': shown(badCertificate('invalid_purpose'), SHOP),
  'for clients only': shown(badCertificate('invalid_purpose'), ALONE),
  // A TLS 1.2 server cannot sign with such a certificate, so it has none to show.
  'for signing certificates only': {
    expect: badCertificate('invalid_purpose'),
    before13: alert('handshake_failure'),
  },
  'RSA-1024': shown(badCertificate('weak_key'), ALONE),
  'SHA-1': shown(badCertificate('weak_signature'), { ...SHOP, issuer: 'CN=Lab intermediate' }),
  '100 names': shown(PASSED, ALONE),
  // Of so large a handshake the root counts too.
  '10,000 short names': shown(PASSED, { subject: ALONE.subject, issuer: ALONE.issuer }),
  // Over the 100 kB that OpenSSL, and BoringSSL in browsers, accept (ssl.h, SSL_MAX_CERT_LIST_DEFAULT).
  '10,000 names': shown(protocolError('excessive_message_size'), null),
};

const FIRST_PORT: Readonly<Record<Version, number>> = { 'TLSv1.2': 9200, 'TLSv1.3': 9300 };
const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
const names = Object.keys(KINDS) as IdentityName[];
const portOf = (name: IdentityName, version: Version): number => FIRST_PORT[version] + names.indexOf(name);

async function start(site: Site, { identities }: LabCertificates, program: string): Promise<void> {
  const blocks: string[] = [];
  for (const name of names) {
    const { cert, key } = await site.identity(name, identities[name]);
    for (const version of VERSIONS) {
      blocks.push(`server { listen ${site.address}:${portOf(name, version)} ssl http2; ssl_protocols ${version};
        ssl_ciphers DEFAULT@SECLEVEL=0; ssl_certificate ${cert}; ssl_certificate_key ${key}; }`);
    }
  }
  await startNginx(site, program, blocks.join('\n'));
}

function rowsOf(name: IdentityName, version: Version): readonly Row[] {
  const { expect, before13, certificate } = KINDS[name];
  const expected = version === 'TLSv1.2' ? (before13 ?? expect) : expect;
  const agreed = version === 'TLSv1.2' ? V12.version : V13.version;
  const said = !expected.passed && expected.stage === 'tls' && expected.outcome !== 'bad_certificate';
  const base = { port: portOf(name, version), handshake: 'http2' } as const;
  const first: Row = {
    ...base,
    name: `${name}, ${version}`,
    expect: expected,
    ...(said ? {} : { tls: { version: agreed, alpn: 'h2' } }),
    ...(certificate === undefined ? {} : { certificate }),
  };
  if (expected.passed || said) return [first];
  return [
    first,
    { ...first, name: `${name}, ${version}, ignored`, target: { certificate: 'ignore' }, expect: PASSED },
  ];
}

export const chains: Family = {
  name: 'certificates',
  program: 'nginx',
  start,
  rows: VERSIONS.flatMap((version) => names.flatMap((name) => rowsOf(name, version))),
};
