import type { OutcomeOf } from '../outcome/outcome.ts';

/** RFC 8446 section 6 and the registry it opened (RFC 5246, 6066, 7301, 7507); keys are AlertDescription numbers. */
export const ALERTS: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  30: 'decompression_failure',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  60: 'export_restriction',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  111: 'certificate_unobtainable',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  114: 'bad_certificate_hash_value',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
};

/** OpenSSL's words for a first record that is no TLS record. */
const NOT_TLS = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_HTTPS_PROXY_REQUEST',
  'ERR_SSL_BAD_RECORD_TYPE',
]);

const LOCAL = new Set(['ENOMEM', 'ENOBUFS', 'EMFILE', 'ENFILE', 'ERR_SSL_MALLOC_FAILURE']);

/** ERR_LIB_SSL, and SSL_AD_REASON_OFFSET: an alert n that was received is the reason 1000 + n (openssl/sslerr.h). */
const SSL_LIBRARY = 20;
const ALERT_OFFSET = 1000;

export interface TlsFailure {
  readonly outcome: OutcomeOf<'tls'>;
  readonly reason: string | null;
  readonly errno: string | null;
}

/**
 * The name of the fatal alert that the peer sent, or null when the error is no alert. Node does not tell of alerts that
 * OpenSSL has no text for (117, 121): those look like a peer that closed after 7 bytes.
 */
export function alertOf(error: NodeJS.ErrnoException): string | null {
  // The texts change between OpenSSL's versions; the packed number 0xLLRRRRRR does not (library << 23 | reason).
  const packed = Number.parseInt(/error:([0-9a-f]{8}):/i.exec(error.message)?.[1] ?? '', 16);
  if (Number.isNaN(packed) || packed >>> 23 !== SSL_LIBRARY) return null;
  const alert = (packed & 0x7fffff) - ALERT_OFFSET;
  return alert < 0 || alert > 255 ? null : (ALERTS[alert] ?? `alert_${alert}`);
}

/** What an error during a TLS handshake means. */
export function tlsFailure(error: NodeJS.ErrnoException): TlsFailure {
  const code = error.code ?? null;
  const alert = alertOf(error);
  if (alert) return { outcome: 'tls_alert', reason: alert, errno: code };
  if (code === 'ECONNRESET') {
    // Node makes this error up, without a system call, when the peer closes.
    return { outcome: error.syscall === undefined ? 'closed' : 'reset', reason: null, errno: code };
  }
  if (code === 'EPIPE' || code === 'ECONNABORTED') return { outcome: 'reset', reason: null, errno: code };
  if (code === 'ERR_SSL_UNEXPECTED_EOF_WHILE_READING')
    return { outcome: 'closed', reason: null, errno: code };
  if (code === 'ETIMEDOUT') return { outcome: 'timeout', reason: null, errno: code };
  if (code !== null && NOT_TLS.has(code)) return { outcome: 'not_tls', reason: null, errno: code };
  if (code !== null && LOCAL.has(code)) return { outcome: 'local_error', reason: null, errno: code };
  if (code?.startsWith('ERR_SSL_') || code?.startsWith('ERR_TLS_')) {
    return { outcome: 'protocol_error', reason: code.slice('ERR_SSL_'.length).toLowerCase(), errno: code };
  }
  return { outcome: 'unknown', reason: null, errno: code };
}
