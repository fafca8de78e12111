import type { Socket } from 'node:net';
import type { TlsFailure } from './tls-error.ts';

/** Bytes of connections under TLS are looked at this often: reading stops a turn of the loop after the limit was passed. */
const LOOK_MS = 10;

/** What a peer is told to have done that sends more than it may. */
export const FLOOD = {
  outcome: 'protocol_error',
  reason: 'flood',
  errno: null,
} as const satisfies TlsFailure;

interface Watched {
  readonly mostBytes: number;
  readonly flooded: () => void;
}

const watched = new Map<Socket, Watched>();
let timer: NodeJS.Timeout | undefined;

function look(): void {
  for (const [socket, { mostBytes, flooded }] of watched) {
    if (socket.bytesRead <= mostBytes) continue;
    unwatch(socket);
    flooded();
  }
}

function unwatch(socket: Socket): void {
  watched.delete(socket);
  if (watched.size === 0) clearInterval(timer);
}

/**
 * Calls back once a peer has sent more than so many bytes. Under TLS no event tells of them: OpenSSL takes HelloRequests, session
 * tickets and key updates without end and says nothing.
 *
 * @param socket the connection below TLS
 * @returns ends it; it must be called.
 */
export function watchForFlood(socket: Socket, mostBytes: number, flooded: () => void): () => void {
  if (watched.size === 0) timer = setInterval(look, LOOK_MS);
  watched.set(socket, { mostBytes, flooded });
  return () => {
    if (watched.has(socket)) unwatch(socket);
  };
}
