import { type NetworkScenario, PASSES, type Seen } from '../scenario.ts';
import { ALONE, DOWN, match, NOTHING, PARTIAL, REFUSED, ruled, SILENCE, tcp } from './parts.ts';

type Verdict = NetworkScenario['verdict'];

const unreachable = (errno: string): Seen => ({
  stage: 'tcp',
  outcome: 'unreachable',
  evidence: 'filtered',
  errno,
});
const prohibited = (errno: string): Seen => ({
  stage: 'tcp',
  outcome: 'prohibited',
  evidence: 'filtered',
  errno,
});

/** What a firewall does with SYNs, in nft's words, and what a try makes of it: linux net/ipv4/icmp.c icmp_err_convert[]. */
const WALLS: readonly (readonly [string, Seen, Verdict])[] = [
  ['drop', SILENCE, DOWN.unreachable],
  ['reject with tcp reset', REFUSED, DOWN.notListening],
  ['reject with icmp type net-unreachable', unreachable('ENETUNREACH'), DOWN.unreachable],
  ['reject with icmp type host-unreachable', unreachable('EHOSTUNREACH'), DOWN.unreachable],
  ['reject with icmp type port-unreachable', REFUSED, DOWN.notListening],
  ['reject with icmp type prot-unreachable', prohibited('ENOPROTOOPT'), DOWN.unreachable],
  ['reject with icmp type net-prohibited', unreachable('ENETUNREACH'), DOWN.unreachable],
  ['reject with icmp type host-prohibited', unreachable('EHOSTUNREACH'), DOWN.unreachable],
  ['reject with icmp type admin-prohibited', unreachable('EHOSTUNREACH'), DOWN.unreachable],
];

/** The same for IPv6: linux net/ipv6/icmp.c tab_unreach[]. */
const WALLS6: readonly (readonly [string, Seen, Verdict])[] = [
  ['drop', SILENCE, DOWN.unreachable],
  ['reject with tcp reset', REFUSED, DOWN.notListening],
  ['reject with icmpv6 type no-route', unreachable('ENETUNREACH'), DOWN.unreachable],
  ['reject with icmpv6 type admin-prohibited', prohibited('EACCES'), DOWN.unreachable],
  ['reject with icmpv6 type addr-unreachable', unreachable('EHOSTUNREACH'), DOWN.unreachable],
  ['reject with icmpv6 type port-unreachable', REFUSED, DOWN.notListening],
  ['reject with icmpv6 type policy-fail', prohibited('EACCES'), DOWN.unreachable],
  ['reject with icmpv6 type reject-route', prohibited('EACCES'), DOWN.unreachable],
];

function wall(family: 'IPv4' | 'IPv6', [words, seen, verdict]: (typeof WALLS)[number]): NetworkScenario {
  return {
    name: `${family}: ${words}`,
    arrange: async (lab) => {
      const at = await lab.address();
      const address = family === 'IPv4' ? at.address : at.address6;
      return {
        endpoint: tcp(address),
        ...ruled(lab, lab.shops, 'input', `${match('daddr', address)} tcp dport 443 ${words}`),
      };
    },
    sees: { others: seen },
    verdict,
  };
}

/** A firewall that knows one region. */
function wallFromOne(family: 'IPv4' | 'IPv6', words: string, seen: Seen, verdict: Verdict): NetworkScenario {
  return {
    name: `${family}: ${words}, from one region`,
    arrange: async (lab) => {
      const at = await lab.address();
      const from = lab.regions[ALONE];
      const [to, source] = family === 'IPv4' ? [at.address, from.address] : [at.address6, from.address6];
      const rule = `${match('daddr', to)} ${match('saddr', source)} tcp dport 443 ${words}`;
      return { endpoint: tcp(to), ...ruled(lab, lab.shops, 'input', rule) };
    },
    sees: { [ALONE]: seen, others: PASSES },
    verdict,
  };
}

/** The way there is open, the way back is not. */
function noAnswer(from: 'everywhere' | typeof ALONE): NetworkScenario {
  return {
    name: `SYN-ACKs dropped, ${from}`,
    arrange: async (lab) => {
      const { address } = await lab.address();
      const to = from === ALONE ? match('daddr', lab.regions[ALONE].address) : '';
      const synAck = 'tcp sport 443 tcp flags & (syn | ack) == (syn | ack)';
      return {
        endpoint: tcp(address),
        ...ruled(lab, lab.shops, 'output', `${match('saddr', address)} ${to} ${synAck} drop`),
      };
    },
    sees: from === ALONE ? { [ALONE]: SILENCE, others: PASSES } : { others: SILENCE },
    verdict: from === ALONE ? PARTIAL.blocked : DOWN.unreachable,
  };
}

/** Some SYNs are lost. Linux sends them again after 1 s and 3 s (RFC 6298 section 2.1), which a try waits for. */
function loss(name: string, rule: string, seen: Seen = PASSES): NetworkScenario {
  return {
    name,
    arrange: async (lab) => {
      const { address } = await lab.address();
      const syn = `${match('daddr', address)} tcp dport 443 tcp flags & (syn | ack) == syn`;
      return { endpoint: tcp(address), ...ruled(lab, lab.shops, 'input', `${syn} ${rule} drop`) };
    },
    sees: { others: seen },
    verdict: NOTHING,
  };
}

const firstOnly = 'ip saddr . tcp sport != @met add @met { ip saddr . tcp sport }';

export const WALL_SCENARIOS: readonly NetworkScenario[] = [
  ...WALLS.map((row) => wall('IPv4', row)),
  ...WALLS6.map((row) => wall('IPv6', row)),
  wallFromOne('IPv4', 'drop', SILENCE, PARTIAL.blocked),
  wallFromOne('IPv6', 'drop', SILENCE, PARTIAL.blocked),
  wallFromOne('IPv4', 'reject with tcp reset', REFUSED, PARTIAL.refused),
  wallFromOne('IPv4', 'reject with icmp type admin-prohibited', unreachable('EHOSTUNREACH'), PARTIAL.blocked),
  noAnswer('everywhere'),
  noAnswer(ALONE),
  loss('1 % of SYNs lost', 'numgen inc mod 100 == 0'),
  loss('10 % of SYNs lost', 'numgen inc mod 10 == 0'),
  loss('50 % of SYNs lost', 'numgen inc mod 2 == 0'),
  loss('the first SYN of every connection lost', firstOnly, { passed: true, synRetransmits: 1 }),
];
