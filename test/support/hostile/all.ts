import { H2_PEERS } from './h2-peers.ts';
import type { Hostile } from './peer.ts';
import { TCP_PEERS } from './tcp-peers.ts';
import { TLS_PEERS } from './tls-peers.ts';

export const HOSTILE_PEERS: readonly Hostile[] = [...TCP_PEERS, ...TLS_PEERS, ...H2_PEERS];
