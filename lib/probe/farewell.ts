import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** A peer that has not closed after this long is left. */
const PATIENCE_MS = 1000;

/**
 * Ends a connection politely, in the background: what `last` holds, close_notify where there is TLS, FIN; then reads until
 * the peer closes too, since closing with unread bytes would make the kernel send RST. Bounded in time and in bytes.
 */
export function farewell(socket: Socket, stageBytes: number, last?: Uint8Array): void {
  let received = 0;
  const leave = setTimeout(() => socket.destroy(), PATIENCE_MS);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => clearTimeout(leave));
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > stageBytes) socket.destroy();
  });
  if (socket.destroyed) {
    clearTimeout(leave);
    return;
  }
  if (!socket.writableEnded) {
    // What is said last need not hurry: the kernel puts it into one segment with the FIN.
    if (socket instanceof TLSSocket) socket.setNoDelay(false);
    if (last) socket.end(last);
    else socket.end();
  }
}
