import { caddy } from './caddy.ts';
import { chains } from './chains.ts';
import { postgres, redis } from './databases.ts';
import type { Family } from './family.ts';
import { haproxy } from './haproxy.ts';
import { mail } from './mail.ts';
import { nginx } from './nginx.ts';
import { node } from './node.ts';
import { openssl } from './openssl.ts';
import { ssh } from './ssh.ts';
import { stunnel } from './stunnel.ts';
import { words } from './words.ts';

/** Every server of the lab. */
export const FAMILIES: readonly Family[] = [
  nginx,
  chains,
  haproxy,
  caddy,
  stunnel,
  ssh,
  mail,
  redis,
  openssl,
  node,
  words,
  // The slowest to start is the last to be asked.
  postgres,
];
