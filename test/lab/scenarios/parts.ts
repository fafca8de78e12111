import { type Lab, SERVER_NAME } from '../lab.ts';
import type { Arranged, NetworkScenario, Seen, Watched } from '../scenario.ts';
import type { Host } from '../world.ts';

/** The region that alone has the trouble, where one does. */
export const ALONE = 'us-east-1';

export const SILENCE: Seen = { stage: 'tcp', outcome: 'timeout', evidence: 'filtered', errno: null };
export const REFUSED: Seen = {
  stage: 'tcp',
  outcome: 'refused',
  evidence: 'refused',
  errno: 'ECONNREFUSED',
};
export const HELLO_RESET: Seen = {
  stage: 'tls',
  outcome: 'reset',
  evidence: 'interfered',
  errno: 'ECONNRESET',
};
export const HELLO_SILENCE: Seen = { stage: 'tls', outcome: 'timeout', evidence: 'interfered', errno: null };

type Verdict = NetworkScenario['verdict'];
export const DOWN = {
  notListening: { rule: 'not_listening', kind: 'down' },
  unreachable: { rule: 'unreachable_everywhere', kind: 'down' },
  unresolved: { rule: 'unresolved_everywhere', kind: 'down' },
  handshake: { rule: 'handshake_fails_everywhere', kind: 'down' },
} as const satisfies Record<string, Verdict>;
export const PARTIAL = {
  blocked: { rule: 'blocked_from_some', kind: 'partial' },
  refused: { rule: 'refused_from_some', kind: 'partial' },
  deadAddress: { rule: 'dead_address_from_some', kind: 'partial' },
  unresolved: { rule: 'unresolved_from_some', kind: 'partial' },
  differs: { rule: 'handshake_differs', kind: 'partial' },
} as const satisfies Record<string, Verdict>;
export const NOTHING = { rule: 'reachable', kind: null } as const satisfies Verdict;

export const tcp = (host: string, port = 443): Watched => ({
  host,
  port,
  handshake: 'tcp',
  ...familyOf(host),
});
export const http2 = (host: string, serverName = SERVER_NAME): Watched => ({
  host,
  port: 443,
  handshake: 'http2',
  serverName,
  ...familyOf(host),
});
const familyOf = (host: string): Pick<Watched, 'addressFamily'> =>
  host.includes(':') ? { addressFamily: 'ipv6' } : {};

type Fault = Pick<Arranged, 'fault' | 'mend'>;

let tables = 0;

/** A fault that is one rule of nft on a host. */
export function ruled(lab: Lab, at: Host, hook: 'input' | 'output', rule: string): Fault {
  tables += 1;
  const table = `inet fault${tables}`;
  return {
    fault: () =>
      lab.world.rules(
        at,
        `add table ${table}`,
        `add set ${table} met { type ipv4_addr . inet_service; flags dynamic,timeout; timeout 1m; }`,
        `add chain ${table} wall { type filter hook ${hook} priority 0; }`,
        `add rule ${table} wall ${rule}`,
      ),
    mend: () => lab.world.rules(at, `delete table ${table}`),
  };
}

/** `ip daddr ADDRESS` or `ip6 daddr ADDRESS`. */
export const match = (side: 'saddr' | 'daddr', address: string): string =>
  `${address.includes(':') ? 'ip6' : 'ip'} ${side} ${address}`;

/** Runs `ip` in the namespace of a host. */
export async function ip(lab: Lab, at: Host, line: string): Promise<void> {
  await lab.world.in(at, 'ip', ...line.split(' '));
}
