import { CERTIFICATE } from './lines.ts';

/** By the reason of a bad certificate or of a TLS alert, before what the outcome itself advises. */
export const ADVICE_BY_REASON: Readonly<Record<string, readonly string[]>> = {
  'bad_certificate not_yet_valid': ['Clock of the host that issued it wrong? timedatectl'],
  'bad_certificate hostname_mismatch': [
    `Which names does it carry? ${CERTIFICATE} -ext subjectAltName`,
    'Default certificate because the name is not configured? nginx -T | grep -n server_name',
  ],
  'bad_certificate unknown_authority': [
    'Intermediate missing from the chain? openssl s_client -connect {target}{servername} -showcerts </dev/null',
    'An authority of your own? Watch the endpoint with "certificate": "ignore"',
  ],
  'bad_certificate self_signed': [
    `Default certificate of the server or of a proxy? ${CERTIFICATE} -issuer -subject`,
    'Self-signed on purpose? Watch the endpoint with "certificate": "ignore"',
  ],
  'tls_alert certificate_required': [
    'It asks for a client certificate, which probers have not: watch it with "handshake": "tcp"',
  ],
  'tls_alert unrecognized_name': [
    `The server does not know the name. Which does it know? openssl s_client -connect {target} -noservername </dev/null | openssl x509 -noout -ext subjectAltName`,
  ],
};
