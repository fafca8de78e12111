import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codeOf, UsageError } from '../usage-error.ts';

/** Listens on 127.0.0.1, port 0 being any; resolves to its URL, without a slash at the end. @throws UsageError when the port cannot be had. */
export async function listenOnLoopback(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  }).catch((cause: unknown) => {
    const code = codeOf(cause);
    if (code === 'EADDRINUSE') {
      throw new UsageError(`--port ${port}: something else listens there; name another, or 0 for any`, {
        cause,
      });
    }
    if (code === 'EACCES') {
      throw new UsageError(`--port ${port}: not allowed for this user; name one over 1023`, { cause });
    }
    throw cause;
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
