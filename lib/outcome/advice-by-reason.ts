import { CERTIFICATE, LIMITED } from './lines.ts';

const CHAIN = 'openssl s_client -connect {target}{servername} -showcerts </dev/null';
const CLIENT_CERTIFICATE =
  'It asks for a client certificate, which probers have not: watch it with "handshake": "tcp"';

/** By the reason of a bad certificate or of a TLS alert, before what the outcome itself advises. */
export const ADVICE_BY_REASON: Readonly<Record<string, readonly string[]>> = {
  'bad_certificate not_yet_valid': ['Clock of the host that issued it wrong? timedatectl'],
  'bad_certificate hostname_mismatch': [
    `Which names does it carry? ${CERTIFICATE} -ext subjectAltName`,
    'Default certificate because the name is not configured? nginx -T | grep -n server_name',
  ],
  'bad_certificate unknown_authority': [
    `Intermediate missing from the chain? ${CHAIN}`,
    'An authority of your own? Watch the endpoint with "certificate": "ignore"',
  ],
  'bad_certificate self_signed': [
    `Default certificate of the server or of a proxy? ${CERTIFICATE} -issuer -subject`,
    'Self-signed on purpose? Watch the endpoint with "certificate": "ignore"',
  ],
  'bad_certificate issuer_expired': [`Old intermediate in the bundle that is served? ${CHAIN}`],
  'bad_certificate invalid_purpose': [
    `Made for a server? ${CERTIFICATE} -ext keyUsage,extendedKeyUsage,basicConstraints`,
  ],
  'bad_certificate weak_key': [
    `RSA below 2048 bits? ${CERTIFICATE} -text | grep Public-Key; then the rest of the chain: ${CHAIN}`,
  ],
  'bad_certificate weak_signature': [`Signed with SHA-1 or MD5? ${CHAIN} | grep 'sigalg'`],
  'bad_certificate name_constraint': [`May its authority issue for this name? ${CHAIN}`],
  'protocol_error excessive_message_size': [
    'How many names does it carry? Clients, browsers too, take at most 100 kB of certificates: split it',
  ],
  'goaway enhance_your_calm': [LIMITED],
  // Go's TLS servers have the first of these words for a client without a certificate, until 1.21 in TLS 1.3 too.
  'tls_alert bad_certificate': [CLIENT_CERTIFICATE],
  'tls_alert certificate_required': [CLIENT_CERTIFICATE],
  'tls_alert no_application_protocol': [
    'Another protocol than HTTP behind TLS (mail, FTP, a database)? Watch it with "handshake": "tls"',
  ],
  'tls_alert unrecognized_name': [
    `The server does not know the name. Which does it know? openssl s_client -connect {target} -noservername </dev/null | openssl x509 -noout -ext subjectAltName`,
  ],
};
