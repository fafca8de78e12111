// A thread with HTTP/2 servers of its own. While it is held nothing in it runs, so nobody accepts: once the accept queue is
// full the kernel drops every further SYN (Linux net/ipv4/tcp_input.c, tcp_conn_request), as a filter would.
import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { ServerThreadData } from './server-thread-data.ts';

const { servers, hold }: ServerThreadData = workerData;
const ports: number[] = [];
for (const { address, port, backlog, key, cert } of servers) {
  const server = createSecureServer({ key, cert, allowHTTP1: true }, (_, response) => response.end('demo\n'));
  // A prober hangs up once it has shaken hands; that is no error here.
  server.on('sessionError', () => {});
  server.listen(port, address, backlog);
  await once(server, 'listening');
  ports.push((server.address() as AddressInfo).port);
}
parentPort?.on('message', () => Atomics.wait(hold, 0, 1));
parentPort?.postMessage(ports);
