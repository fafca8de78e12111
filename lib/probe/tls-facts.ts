import type { TLSSocket } from 'node:tls';
import type { TlsFacts } from '../round/observation.ts';

/** What the handle below a TLS socket can tell and the socket cannot; a Node that has it no more says less, never wrong. */
interface Handle {
  verifyError?(): Error | null | undefined;
  getALPNNegotiatedProtocol?(): string | false | undefined;
}

export function handleOf(socket: TLSSocket): Handle | null {
  return (socket as unknown as { readonly _handle?: Handle | null })._handle ?? null;
}

const NO_FACTS: TlsFacts = { version: null, cipher: null, alpn: null };

/**
 * What has been agreed on so far. Before the ServerHello there is neither cipher nor certificate, and what OpenSSL calls the
 * version is only what we asked for; in TLS 1.2 the certificate is there before OpenSSL tells the cipher. The socket itself
 * knows of ALPN once the handshake is done, which one that fails never is.
 */
export function agreed(socket: TLSSocket, certified: boolean): TlsFacts {
  const cipher = socket.getCipher()?.standardName ?? null;
  if (cipher === null && !certified) return NO_FACTS;
  const alpn = socket.alpnProtocol || handleOf(socket)?.getALPNNegotiatedProtocol?.() || null;
  return { version: socket.getProtocol(), cipher, alpn };
}
