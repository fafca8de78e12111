import type { Handshake } from '../lib/outcome/outcome.ts';
import type { Target } from '../lib/probe/ladder.ts';
import { NAME, type PeerReady } from './peer-ready.ts';

/** The peer as an endpoint. */
export const targetOf = (peer: PeerReady, handshake: Handshake): Target => ({
  tag: 1,
  host: NAME,
  port: peer.port,
  handshake,
  addressFamily: 'ipv4',
  certificate: 'verify',
});
