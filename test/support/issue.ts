import 'reflect-metadata';

import type { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

type CryptoKeyPair = webcrypto.CryptoKeyPair;

/** A certificate chain and its key, PEM, as Node's servers take them. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

const ecdsa = (namedCurve: string, hash: string) => ({ name: 'ECDSA', namedCurve, hash });
const rsa = (modulusLength: number, hash: string) => ({
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash,
});

/** Kinds of keys, each with the hash that it signs certificates with. */
const KEYS = {
  'P-256': ecdsa('P-256', 'SHA-256'),
  'P-384': ecdsa('P-384', 'SHA-384'),
  'P-521': ecdsa('P-521', 'SHA-512'),
  Ed25519: { name: 'Ed25519' },
  'RSA-1024': rsa(1024, 'SHA-256'),
  'RSA-2048': rsa(2048, 'SHA-256'),
  'RSA-2048 SHA-1': rsa(2048, 'SHA-1'),
  'RSA-PSS': { ...rsa(2048, 'SHA-256'), name: 'RSA-PSS', saltLength: 32 },
} as const;
export type KeyKind = keyof typeof KEYS;

/** Whoever holds a certificate: it can be served, and it can sign others. */
export interface Holder {
  readonly name: string;
  readonly kind: KeyKind;
  readonly keys: CryptoKeyPair;
  readonly certificate: x509.X509Certificate;
}

/** What a certificate is to say. */
export interface Wanted {
  readonly subject: string;
  readonly authority?: boolean;
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  /** Days from now. Default: a day ago. */
  readonly from?: number;
  /** Days from now. Default: 30. */
  readonly to?: number;
  /** Default: P-256. */
  readonly key?: KeyKind;
  /** Certify the key of this holder instead of a new one. */
  readonly keyOf?: Holder;
  /** Object identifiers of extended key usages. Default: no such extension. */
  readonly extendedUsages?: readonly string[];
  /** Default: no such extension. */
  readonly usages?: 'sign certificates' | 'sign';
  /** Of an authority: the only DNS subtree that it may issue for. */
  readonly permitted?: string;
}

const USAGES = {
  'sign certificates': x509.KeyUsageFlags.keyCertSign,
  sign: x509.KeyUsageFlags.digitalSignature,
} as const;
const DAY_MS = 86_400_000;

/** NameConstraints with one permitted DNS subtree (RFC 5280 section 4.2.1.10), DER. */
function nameConstraints(permitted: string): x509.Extension {
  const tagged = (tag: number, body: Buffer): Buffer =>
    Buffer.concat([Buffer.from([tag, body.length]), body]);
  const subtree = tagged(0x30, tagged(0x82, Buffer.from(permitted)));
  return new x509.Extension('2.5.29.30', true, tagged(0x30, tagged(0xa0, subtree)));
}

function extensionsOf(wanted: Wanted): x509.Extension[] {
  const alternatives = [
    ...(wanted.names ?? []).map((value) => ({ type: 'dns', value }) as const),
    ...(wanted.addresses ?? []).map((value) => ({ type: 'ip', value }) as const),
  ];
  return [
    new x509.BasicConstraintsExtension(wanted.authority ?? false, undefined, true),
    ...(alternatives.length > 0 ? [new x509.SubjectAlternativeNameExtension(alternatives)] : []),
    ...(wanted.extendedUsages ? [new x509.ExtendedKeyUsageExtension([...wanted.extendedUsages])] : []),
    ...(wanted.usages === undefined ? [] : [new x509.KeyUsagesExtension(USAGES[wanted.usages], true)]),
    ...(wanted.permitted === undefined ? [] : [nameConstraints(wanted.permitted)]),
  ];
}

/** Issues a certificate. @param signer null: it signs itself. */
export async function issue(wanted: Wanted, signer: Holder | null): Promise<Holder> {
  const kind = wanted.keyOf?.kind ?? wanted.key ?? 'P-256';
  const keys =
    wanted.keyOf?.keys ??
    ((await crypto.subtle.generateKey(KEYS[kind], true, ['sign', 'verify'])) as CryptoKeyPair);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: wanted.subject,
    issuer: signer?.name ?? wanted.subject,
    publicKey: keys.publicKey,
    signingKey: signer?.keys.privateKey ?? keys.privateKey,
    signingAlgorithm: KEYS[signer?.kind ?? kind],
    notBefore: new Date(Date.now() + (wanted.from ?? -1) * DAY_MS),
    notAfter: new Date(Date.now() + (wanted.to ?? 30) * DAY_MS),
    extensions: extensionsOf(wanted),
  });
  return { name: wanted.subject, kind, keys, certificate };
}

/** What a server sends: the leaf, then `chain` as given. */
export async function identity(leaf: Holder, ...chain: readonly Holder[]): Promise<Identity> {
  const key = x509.PemConverter.encode(
    await crypto.subtle.exportKey('pkcs8', leaf.keys.privateKey),
    'PRIVATE KEY',
  );
  return { cert: [leaf, ...chain].map((one) => one.certificate.toString('pem')).join('\n'), key };
}
