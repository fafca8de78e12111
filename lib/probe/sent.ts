import { X509Certificate } from 'node:crypto';
import { type DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { chainLength, chainSeenWith } from './certificate.ts';

/** Handshakes of three certificates have 3 to 6 kB. */
const LARGE_BYTES = 16_384;

/** What a peer has shown of itself. */
export interface Sent {
  readonly leaf: X509Certificate;
  /** How many certificates it sent; of a large handshake, the root that we know counts too. */
  readonly chain: number;
}

/**
 * The certificates that have come so far, of a handshake that has so many bytes by now. To be asked once: Node takes the leaf
 * out of the chain, a second answer would be the next certificate.
 */
export function sentBy(socket: TLSSocket, bytesReceived: number): Sent | undefined {
  if (bytesReceived <= LARGE_BYTES) {
    const leaf = socket.getPeerX509Certificate();
    return leaf && { leaf, chain: chainLength(leaf) };
  }
  // Node copies the whole chain, parsed, for as long as the collector, which does not know its size, lets the object live: a MB
  // a handshake for a hostile server. The old way of asking leaves plain objects, and the leaf's own bytes.
  const { raw } = TLSSocket.prototype.getPeerCertificate.call(socket);
  if (!raw) return undefined;
  const leaf = new X509Certificate(raw);
  return { leaf, chain: chainSeenWith(leaf) ?? count(socket) };
}

/** Costs as much CPU time as the rest of the handshake: for leaves that are new. */
function count(socket: TLSSocket): number {
  let one = TLSSocket.prototype.getPeerCertificate.call(socket, true) as DetailedPeerCertificate;
  let chain = 1;
  while (one.issuerCertificate && one.issuerCertificate !== one) {
    one = one.issuerCertificate;
    chain += 1;
  }
  return chain;
}
