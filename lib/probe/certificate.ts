import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { CertificateFacts } from '../round/certificate.ts';

const MOST_NAMES = 100;
const MOST_TEXT = 512;
const MOST_REMEMBERED = 4096;
/** A chain that is longer is not walked to its end. */
const LONGEST_CHAIN = 20;

/** By `fingerprint256`, the SHA-256 of the whole certificate. */
const seen = new Map<string, CertificateFacts>();
/** By that and the name. */
const identities = new Map<string, boolean>();

/** Keeps a map from growing without end; the oldest entry goes first. */
function remember<T>(map: Map<string, T>, key: string, value: T): T {
  if (map.size >= MOST_REMEMBERED) {
    const oldest = map.keys().next();
    if (!oldest.done) map.delete(oldest.value);
  }
  map.set(key, value);
  return value;
}

const oneLine = (name: string | undefined): string =>
  (name ?? '').trim().replaceAll('\n', ', ').slice(0, MOST_TEXT);

/** `DNS:a.example, IP Address:192.0.2.1`; OpenSSL writes names with unusual characters as JSON strings. */
export function alternativeNames(text: string | undefined): readonly string[] {
  const names: string[] = [];
  for (const match of (text ?? '').matchAll(/(?:^|, )(DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g)) {
    if (names.length === MOST_NAMES) break;
    const name = match[2] ?? '';
    names.push((name.startsWith('"') ? name.slice(1, -1) : name).slice(0, MOST_TEXT));
  }
  return names;
}

export function chainLength(leaf: X509Certificate): number {
  let length = 1;
  let certificate = leaf.issuerCertificate;
  while (certificate && length < LONGEST_CHAIN) {
    length += 1;
    certificate = certificate.issuerCertificate;
  }
  return length;
}

/** RFC 3339; a date that cannot be read (a hostile certificate) is the epoch. */
const dateOf = (date: Date): string =>
  new Date(Number.isNaN(date.getTime()) ? 0 : date.getTime()).toISOString();

/** How many certificates came with a leaf when it was first seen. */
export const chainSeenWith = (leaf: X509Certificate): number | undefined =>
  seen.get(leaf.fingerprint256)?.chain;

/** What is kept of a leaf certificate; one seen before is not read again, but how many came with it is counted each time. */
export function factsOf(leaf: X509Certificate, chain: number = chainLength(leaf)): CertificateFacts {
  const fingerprint = leaf.fingerprint256;
  const known = seen.get(fingerprint);
  if (known) return known.chain === chain ? known : { ...known, chain };
  return remember(seen, fingerprint, {
    sha256: fingerprint.replaceAll(':', '').toLowerCase(),
    subject: oneLine(leaf.subject),
    issuer: oneLine(leaf.issuer),
    names: alternativeNames(leaf.subjectAltName),
    notBefore: dateOf(leaf.validFromDate),
    notAfter: dateOf(leaf.validToDate),
    chain,
  });
}

/**
 * Whether a certificate is for a name or address literal (RFC 9525): alternative names only, never the common name of the
 * subject; a wildcard stands for exactly one whole label, the first.
 */
export function isFor(leaf: X509Certificate, name: string): boolean {
  const key = `${leaf.fingerprint256} ${name}`;
  const matches = (): boolean =>
    (isIP(name) === 0
      ? leaf.checkHost(name, { subject: 'never', partialWildcards: false })
      : leaf.checkIP(name)) !== undefined;
  return identities.get(key) ?? remember(identities, key, matches());
}
