// A peer on loopback in a process of its own: Node's HTTP/2 server. Ends when whoever forked it does.
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { makeCertificates } from '../lib/local/demo/certificates.ts';
import { NAME, type PeerReady } from './peer-ready.ts';

/** More than any bench dials at once: a SYN that finds the queue full is dropped, and comes again after 1 s. */
const BACKLOG = 2048;

const { authority, valid } = await makeCertificates([NAME]);
const server = createSecureServer(valid);
server.on('sessionError', () => {});
server.on('tlsClientError', () => {});
server.listen(0, '127.0.0.1', BACKLOG, () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ port, authority } satisfies PeerReady);
});
process.on('disconnect', () => process.exit());
