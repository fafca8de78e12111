/** Words of one kind with what each means. */
export interface Reasons {
  readonly title: string;
  /** With which outcomes they come, and whence the words are. */
  readonly about: string;
  readonly words: Readonly<Record<string, string>>;
}

const PROBER: Reasons = {
  title: "The prober's own",
  about: 'Evidence is `inconclusive`, whatever was seen; the outcome keeps what that was.',
  words: {
    region_unhealthy:
      'most control endpoints of this address family failed from there too, or it timed out where packets to them get lost: the region is in trouble, the endpoint perhaps not',
    resolver_unhealthy:
      "no control name resolved either, or none is configured and the resolver gave no answer: its trouble, not the name's",
    no_ipv6: "the address is IPv6, and this deployment's probers have none (`ipv6` in its configuration)",
    address_busy:
      'more tries were waiting for this address than two a second allow: it was not tried this time',
  },
};

const CERTIFICATE: Reasons = {
  title: 'Certificates',
  about:
    "With `tls bad_certificate`. Any other word is OpenSSL's own (X509_V_ERR), in lower case: `invalid_purpose`, `path_length_exceeded`, …",
  words: {
    expired: 'its last day is past',
    not_yet_valid: 'its first day is to come: or the clock of whoever issued it is wrong',
    issuer_expired: 'it is valid itself, and a certificate above it in the chain has expired',
    issuer_not_yet_valid: 'it is valid itself, and a certificate above it in the chain is not yet',
    hostname_mismatch: 'it is for other names than `serverName`, or than the host where that is not given',
    self_signed: 'it vouches for itself: a default certificate, or one made by hand',
    unknown_authority:
      'no chain to an authority that is known: an intermediate is missing, or the authority is private',
    revoked: 'its authority has taken it back',
    weak_key: 'a key in the chain is too short to be trusted',
    weak_signature: 'a signature in the chain is made with a digest that is no longer trusted (SHA-1, MD5)',
    name_constraint: 'an authority in the chain may not vouch for this name',
    none_sent: 'the server sent no certificate at all',
  },
};

const ALERT: Reasons = {
  title: 'TLS alerts',
  about:
    'With `tls tls_alert`: what the server said before it hung up (RFC 8446 section 6). `alert_N` is one without a name.',
  words: {
    close_notify: 'it ends the connection in due form before the handshake is done',
    unexpected_message: 'a message came that it did not expect',
    bad_record_mac: 'a record could not be authenticated: damaged or forged on the way',
    decryption_failed: 'a record could not be decrypted (reserved; old servers)',
    record_overflow: 'a record was too long',
    decompression_failure: 'a record could not be decompressed (reserved; old servers)',
    handshake_failure:
      'no version, cipher, group or signature in common (finite-field DHE is not offered): or it refuses without saying why',
    no_certificate: 'it lacks a certificate (SSL 3; old servers)',
    bad_certificate:
      'it asks for a client certificate, and probers have none (the word of servers written in Go): watch it with `tcp`',
    unsupported_certificate: 'a certificate is of a kind it does not support',
    certificate_revoked: 'a certificate was revoked',
    certificate_expired: 'a certificate has expired',
    certificate_unknown: 'a certificate is not acceptable for another reason',
    illegal_parameter: 'a field of the handshake is out of range',
    unknown_ca: 'it does not know an authority: a proxy that checks what is behind it, perhaps',
    access_denied: 'it understands and refuses: an access rule',
    decode_error: 'a message could not be read',
    decrypt_error: 'a signature or a Finished message did not verify',
    export_restriction: 'an export cipher is not allowed (reserved; old servers)',
    protocol_version: 'it speaks none of the TLS versions that the prober offers (1.2 and 1.3)',
    insufficient_security: 'it wants stronger ciphers than are offered',
    internal_error: 'an error of its own: see its log',
    inappropriate_fallback: 'it takes the handshake for a forced downgrade',
    user_canceled: 'cancelled on its side',
    no_renegotiation: 'it does not renegotiate',
    missing_extension: 'it wants an extension that was not sent; `serverName` where the host is an address?',
    unsupported_extension: 'it got an extension that it did not ask for',
    certificate_unobtainable: 'it could not fetch a client certificate by its URL',
    unrecognized_name: 'it serves no such name: `serverName`, or the host where that is not given',
    bad_certificate_status_response: 'the stapled revocation status is not acceptable',
    bad_certificate_hash_value: 'a certificate does not have the hash that was announced',
    unknown_psk_identity: 'it does not know the pre-shared key',
    certificate_required: 'it asks for a client certificate, and probers have none: watch it with `tcp`',
    no_application_protocol: 'it speaks neither h2 nor http/1.1 (ALPN)',
  },
};

const TLS_PROTOCOL: Reasons = {
  title: 'TLS without common ground',
  about:
    "With `tls protocol_error`: `flood`, or OpenSSL's own word for what it met, in lower case. The most frequent of an open set:",
  words: {
    flood: 'the peer sent more than 256 kB, or records without end, before the handshake was done',
    unsupported_protocol: 'the server wants a TLS version below 1.2',
    no_shared_cipher: 'no cipher in common',
    wrong_signature_type: 'the server signs with an algorithm that was not offered (SHA-1, mostly)',
    bad_signature: "the server's signature over the handshake does not verify",
    unexpected_message: 'a message came out of order',
    excessive_message_size:
      'a handshake message, the certificate chain mostly, is larger than allowed (100 kB)',
    decryption_failed_or_bad_record_mac: 'a record could not be authenticated: damaged or forged on the way',
  },
};

const HTTP2: Reasons = {
  title: 'HTTP/2',
  about: 'With `http2 protocol_error` and `http2 settings_timeout`.',
  words: {
    not_http2: 'h2 was agreed on, and the first bytes are not a SETTINGS frame: HTTP/1.1 behind it, mostly',
    frame_size_error: 'a frame larger than allowed (16,384 bytes) after its SETTINGS',
    goaway_before_settings: 'it said goodbye before its SETTINGS',
    flood: 'more than 1,000 frames or 64 kB before our SETTINGS were acknowledged',
    settings_not_acknowledged: 'its SETTINGS came, and no acknowledgement of ours',
  },
};

const ALPN: Reasons = {
  title: 'ALPN',
  about: 'With `http2 alpn_mismatch`: what the server chose, or no reason where it chose nothing.',
  words: { 'http/1.1': 'it speaks HTTP over TLS, and not HTTP/2' },
};

const GOAWAY: Reasons = {
  title: 'GOAWAY',
  about: 'With `http2 goaway`: its error code (RFC 9113 section 7). `error_N` is one without a name.',
  words: {
    protocol_error: 'it takes what was sent for a breach of the protocol',
    internal_error: 'an error of its own: see its log',
    flow_control_error: 'it takes the flow-control windows for overrun',
    settings_timeout: 'our acknowledgement came too late for it',
    stream_closed: 'a frame came for a closed stream',
    frame_size_error: 'a frame had the wrong size for it',
    refused_stream: 'it takes no work just now',
    cancel: 'it has cancelled',
    compression_error: 'its header compression is out of step',
    connect_error: 'what is behind it could not be reached',
    enhance_your_calm: 'it limits how often one may come: is there a rate limit on AWS addresses?',
    inadequate_security: 'it wants stronger TLS for HTTP/2',
    http_1_1_required: 'it wants HTTP/1.1 instead',
  },
};

/** Every word that the `reason` of an observation can be, with what it means; where a set is open its `about` says so. */
export const REASONS: readonly Reasons[] = [PROBER, CERTIFICATE, ALERT, TLS_PROTOCOL, ALPN, HTTP2, GOAWAY];
