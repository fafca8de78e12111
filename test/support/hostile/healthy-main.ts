// A healthy peer in a process of its own, beside the hostile ones.
import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { makeAuthority } from '../certificates.ts';

/** What the peer tells whoever forked it. */
export interface HealthyReady {
  readonly port: number;
  readonly authority: string;
}

const { authority, issueFor } = await makeAuthority();
const server = createSecureServer({ ...(await issueFor(['shop.test'])) });
server.on('sessionError', () => {});
server.on('tlsClientError', () => {});
server.listen(0, '0.0.0.0', 2048);
await once(server, 'listening');
process.send?.({ port: (server.address() as AddressInfo).port, authority } satisfies HealthyReady);
process.on('disconnect', () => process.exit());
