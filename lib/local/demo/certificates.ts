import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface KeyAndCertificate {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

export interface DemoCertificates {
  /** PEM of the authority that signed the others. */
  readonly authority: string;
  readonly valid: KeyAndCertificate;
  readonly expired: KeyAndCertificate;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

/** An authority of this run only, and certificates of it for these names. No key of it is ever written to disk. */
export async function makeCertificates(names: readonly string[]): Promise<DemoCertificates> {
  const keys = await generate();
  const now = Date.now();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Parallax demo authority',
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(now - 30 * DAY_MS),
    notAfter: new Date(now + 30 * DAY_MS),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const issue = async (fromMs: number, toMs: number): Promise<KeyAndCertificate> => {
    const own = await generate();
    const certificate = await x509.X509CertificateGenerator.create({
      subject: 'CN=Parallax demo',
      issuer: authority.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(fromMs),
      notAfter: new Date(toMs),
      extensions: [new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value })))],
    });
    const der = await webcrypto.subtle.exportKey('pkcs8', own.privateKey);
    return { key: x509.PemConverter.encode(der, 'PRIVATE KEY'), cert: certificate.toString('pem') };
  };
  return {
    authority: authority.toString('pem'),
    valid: await issue(now - DAY_MS, now + 7 * DAY_MS),
    expired: await issue(now - 20 * DAY_MS, now - 2 * DAY_MS),
  };
}

function generate(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}
