import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

export interface Authority {
  readonly certificate: string;
  /** A certificate for an address, good for a day either way. */
  issue(address: string): Promise<{ readonly certificate: string; readonly key: string }>;
}

const generate = (): Promise<CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;

const span = (): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + DAY_MS),
});

/** A certificate authority that lives as long as the test. */
export async function makeAuthority(): Promise<Authority> {
  const keys = await generate();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Parallax lab authority',
    keys,
    signingAlgorithm: ALGORITHM,
    ...span(),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: root.toString('pem'),
    issue: async (address) => {
      const own = await generate();
      const leaf = await x509.X509CertificateGenerator.create({
        subject: 'CN=lab server',
        issuer: root.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        ...span(),
        extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: address }])],
      });
      const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY');
      return { certificate: leaf.toString('pem'), key };
    },
  };
}
