import { type Attempt, type AttemptOptions, attempt, type Target } from '../../lib/probe/ladder.ts';
import type { Certificates } from './certificates.ts';
import type { Peer } from './servers.ts';

/** One try to a peer that trusts the test authority and may go to loopback. */
export function climb(
  peer: Pick<Peer, 'address' | 'port'>,
  all: Certificates,
  target: Partial<Target> = {},
  options: Partial<AttemptOptions> = {},
): Promise<Attempt> {
  return attempt(
    {
      tag: 7,
      host: '127.0.0.1',
      port: peer.port,
      handshake: 'http2',
      addressFamily: 'ipv4',
      certificate: 'verify',
      ...target,
    },
    { address: peer.address, at: 1234, dnsMs: 1.5 },
    { allowPrivateAddresses: true, trust: [all.authority], ...options },
  );
}
