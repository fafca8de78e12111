import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { isFor } from './certificate.ts';
import type { TlsFailure } from './tls-error.ts';
import { handleOf } from './tls-facts.ts';

/** Errors that Node calls only UNSPECIFIED, by OpenSSL's text (crypto/x509/x509_txt.c). */
const BY_TEXT: readonly (readonly [RegExp, string])[] = [
  [/key too weak/, 'weak_key'],
  [/digest algorithm too weak/, 'weak_signature'],
  [/subtree|name constraint/, 'name_constraint'],
];

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 64);

/**
 * Why a chain did not verify, in the words of the field.
 *
 * @param code Node's name of OpenSSL's X509_V_ERR number
 * @param text OpenSSL's own text, for the numbers that Node has no name for
 * @param leaf says whether a date that is wrong is the leaf's, or one of the certificates above it
 */
export function certificateReason(code: string, text?: string, leaf?: X509Certificate): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return leaf && leaf.validToDate.getTime() > Date.now() ? 'issuer_expired' : 'expired';
    case 'CERT_NOT_YET_VALID':
      return leaf && leaf.validFromDate.getTime() < Date.now() ? 'issuer_not_yet_valid' : 'not_yet_valid';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'self_signed';
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_UNTRUSTED':
      return 'unknown_authority';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'hostname_mismatch';
    case 'CERT_REVOKED':
      return 'revoked';
    case 'UNSPECIFIED':
      return BY_TEXT.find(([pattern]) => pattern.test(text ?? ''))?.[1] ?? slug(text ?? code);
    default:
      return slug(code);
  }
}

/** Judges the certificate after a finished handshake: null when it is good. */
export function certificateFailure(
  socket: TLSSocket,
  leaf: X509Certificate | undefined,
  name: string,
): TlsFailure | null {
  const error: unknown = socket.authorizationError;
  const bad = (code: string | null, reason: string): TlsFailure => ({
    outcome: 'bad_certificate',
    reason,
    errno: code,
  });
  if (error) {
    const code = typeof error === 'string' ? error : String((error as NodeJS.ErrnoException).code ?? error);
    return bad(code, certificateReason(code, handleOf(socket)?.verifyError?.()?.message, leaf));
  }
  if (!leaf) return bad(null, 'none_sent');
  const code = 'ERR_TLS_CERT_ALTNAME_INVALID';
  return isFor(leaf, name) ? null : bad(code, certificateReason(code));
}
