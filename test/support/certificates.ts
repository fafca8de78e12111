import 'reflect-metadata';

import type { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

type CryptoKeyPair = webcrypto.CryptoKeyPair;

/** A certificate chain and its key, PEM, as Node's servers take them. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  /** The authority that tests trust, PEM. */
  readonly authority: string;
  /** For `localhost`, `shop.test`, `*.shop.test`, 127.0.0.0/8's first addresses and ::1; leaf and intermediate sent. */
  readonly good: Identity;
  readonly expired: Identity;
  readonly notYetValid: Identity;
  readonly wrongHost: Identity;
  readonly selfSigned: Identity;
  readonly unknownAuthority: Identity;
  /** Signed by the intermediate that the server does not send. */
  readonly withoutIntermediate: Identity;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

interface Signer {
  readonly name: string;
  readonly keys: CryptoKeyPair;
  readonly certificate: x509.X509Certificate;
}

interface Wanted {
  readonly subject: string;
  readonly authority?: boolean;
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
}

const makeKeys = async (): Promise<CryptoKeyPair> =>
  (await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair;

async function issue(wanted: Wanted, signer: Signer | null): Promise<Signer> {
  const keys = await makeKeys();
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(wanted.authority ?? false, undefined, true),
  ];
  const alternatives = [
    ...(wanted.names ?? []).map((value) => ({ type: 'dns', value }) as const),
    ...(wanted.addresses ?? []).map((value) => ({ type: 'ip', value }) as const),
  ];
  if (alternatives.length > 0) extensions.push(new x509.SubjectAlternativeNameExtension(alternatives));
  const certificate = await x509.X509CertificateGenerator.create({
    subject: wanted.subject,
    issuer: signer?.name ?? wanted.subject,
    publicKey: keys.publicKey,
    signingKey: signer?.keys.privateKey ?? keys.privateKey,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() + (wanted.from ?? -1) * DAY_MS),
    notAfter: new Date(Date.now() + (wanted.to ?? 30) * DAY_MS),
    extensions,
  });
  return { name: wanted.subject, keys, certificate };
}

async function identity(leaf: Signer, ...chain: readonly Signer[]): Promise<Identity> {
  const key = x509.PemConverter.encode(
    await crypto.subtle.exportKey('pkcs8', leaf.keys.privateKey),
    'PRIVATE KEY',
  );
  return { cert: [leaf, ...chain].map((one) => one.certificate.toString('pem')).join('\n'), key };
}

const SERVER: Wanted = {
  subject: 'CN=shop.test',
  names: ['localhost', 'shop.test', '*.shop.test', 'xn--bcher-kva.test'],
  addresses: ['127.0.0.1', '127.0.0.2', '::1'],
};

async function make(): Promise<Certificates> {
  const root = await issue({ subject: 'CN=Parallax test root', authority: true }, null);
  const middle = await issue({ subject: 'CN=Parallax test intermediate', authority: true }, root);
  const stranger = await issue({ subject: 'CN=Stranger root', authority: true }, null);
  const leaf = (wanted: Partial<Wanted>): Promise<Signer> => issue({ ...SERVER, ...wanted }, root);
  return {
    authority: root.certificate.toString('pem'),
    good: await identity(await issue(SERVER, middle), middle),
    expired: await identity(await leaf({ from: -10, to: -1 })),
    notYetValid: await identity(await leaf({ from: 1 })),
    wrongHost: await identity(await leaf({ subject: 'CN=other', names: ['other.test'], addresses: [] })),
    selfSigned: await identity(await issue(SERVER, null)),
    unknownAuthority: await identity(await issue(SERVER, stranger), stranger),
    withoutIntermediate: await identity(await issue(SERVER, middle)),
  };
}

let made: Promise<Certificates> | undefined;

/** All certificates of the tests, made once a process, in JavaScript alone. */
export function certificates(): Promise<Certificates> {
  made ??= make();
  return made;
}

export interface Authority {
  /** PEM. */
  readonly authority: string;
  issue(address: string): Promise<Identity>;
}

/** An authority of its own that issues certificates for addresses. */
export async function makeAuthority(): Promise<Authority> {
  const root = await issue({ subject: 'CN=Parallax lab root', authority: true }, null);
  return {
    authority: root.certificate.toString('pem'),
    issue: async (address) => identity(await issue({ subject: 'CN=lab server', addresses: [address] }, root)),
  };
}
