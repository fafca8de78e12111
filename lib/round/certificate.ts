/** What is kept of a server's certificate. Stored once per fingerprint. */
export interface CertificateFacts {
  /** Of the leaf's DER form, hex, 64 digits. */
  readonly sha256: string;
  /** `CN=shop.example.com, O=…`: relative names as sent, joined with a comma. */
  readonly subject: string;
  readonly issuer: string;
  /** Subject alternative names (DNS and address), at most 100. */
  readonly names: readonly string[];
  /** RFC 3339 UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** How many certificates the server sent. */
  readonly chain: number;
}
