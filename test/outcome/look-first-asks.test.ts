import { describe, expect, test } from 'vitest';
import { lookFirst } from '../../lib/outcome/look-first.ts';
import type { FailingRegion } from '../../lib/outcome/look-first-shape.ts';
import { OUTCOMES, type OutcomeRow } from '../../lib/outcome/outcome.ts';

/** What a line asks for, in the order in which the field looks for the cause of a port that does not answer. */
const ASKS = {
  host: /ping -c/,
  /** That it runs, its CPU, its log. */
  process: /top -bn1|Process up|journalctl|systemctl --failed/,
  bound: /0\.0\.0\.0:|ss -ltnp/,
  locally: /localhost/,
  queue: /Recv-Q/,
  states: /SYN-RECV/,
  steps: /SYN in, SYN-ACK out, ACK in/,
  capture: /tcpdump/,
  firewall: /nft list ruleset/,
  waf: /WAF/,
  allowList: /Allow-list/,
  route: /ip route get|route-tables|tcptraceroute/,
  mtu: /ping -M do/,
  balancer: /describe-target-health/,
  tls: /openssl|curl --http2/,
  dns: /\bdig\b/,
} as const;
type Ask = keyof typeof ASKS;

type Name = OutcomeRow extends infer R
  ? R extends { readonly stage: infer S extends string; readonly outcome: infer O extends string }
    ? `${S} ${O}`
    : never
  : never;

interface Asked {
  readonly some: readonly Ask[];
  readonly everywhere: readonly Ask[];
}
const both = (...asked: readonly Ask[]): Asked => ({ some: asked, everywhere: asked });

/**
 * All that is asked for, and so also what is not: nothing of the server's insides where another region gets through at the same
 * address, no step of the TCP handshake where it was completed, nothing of the host where it answered.
 */
const TABLE: Readonly<Record<Name, Asked>> = {
  'dns nxdomain': both('dns'),
  'dns no_answer': both('dns'),
  'dns servfail': both('dns'),
  'dns timeout': both('firewall', 'dns'),
  'dns refused_by_resolver': both('dns'),
  'dns bad_response': both('dns'),
  'dns resolver_unreachable': both('dns'),
  'dns unknown': both('dns'),
  'tcp refused': {
    some: ['capture', 'firewall', 'balancer'],
    everywhere: ['process', 'bound', 'firewall', 'balancer'],
  },
  'tcp timeout': {
    some: ['steps', 'capture', 'firewall', 'waf', 'allowList', 'route'],
    everywhere: ['host', 'process', 'locally', 'queue', 'states', 'steps', 'capture', 'firewall', 'dns'],
  },
  'tcp unreachable': {
    some: ['firewall', 'allowList', 'route'],
    everywhere: ['host', 'process', 'firewall', 'route'],
  },
  'tcp prohibited': { some: ['firewall', 'allowList', 'route'], everywhere: ['firewall', 'route'] },
  'tcp reset': {
    some: ['capture', 'firewall', 'waf'],
    everywhere: ['process', 'queue', 'states', 'capture', 'balancer'],
  },
  'tcp address_forbidden': both('dns'),
  'tcp local_error': both(),
  'tcp unknown': both('capture'),
  'tls reset': { some: ['capture', 'waf', 'tls'], everywhere: ['process', 'balancer', 'tls'] },
  'tls closed': { some: ['capture', 'waf', 'tls'], everywhere: ['process', 'balancer', 'tls'] },
  'tls timeout': {
    some: ['capture', 'waf', 'mtu', 'tls'],
    everywhere: ['process', 'locally', 'queue', 'states', 'mtu', 'tls'],
  },
  'tls tls_alert': both('tls'),
  'tls not_tls': both(),
  'tls bad_certificate': both('tls'),
  'tls protocol_error': both('tls'),
  'tls local_error': both(),
  'tls unknown': both('capture'),
  'http2 alpn_mismatch': both('tls'),
  'http2 settings_timeout': {
    some: ['process', 'balancer', 'tls'],
    everywhere: ['process', 'states', 'balancer', 'tls'],
  },
  'http2 goaway': { some: ['process', 'balancer', 'tls'], everywhere: ['process', 'tls'] },
  'http2 protocol_error': { some: ['process', 'balancer', 'tls'], everywhere: ['process', 'tls'] },
  'http2 closed': { some: ['process', 'balancer', 'tls'], everywhere: ['process', 'tls'] },
  'http2 reset': { some: ['process', 'balancer', 'tls'], everywhere: ['process', 'tls'] },
  'http2 local_error': both(),
  'http2 unknown': both('capture'),
};

function asked(lines: readonly string[]): Ask[] {
  const names = Object.keys(ASKS) as Ask[];
  return names.filter((name) => lines.some((line) => ASKS[name].test(line)));
}

const where = {
  host: 'shop.example.com',
  port: 443,
  serverName: null,
  sourceAddresses: ['3.250.1.2'],
} as const;

function seen({ stage, outcome, evidence }: OutcomeRow): FailingRegion {
  return { stage, outcome, evidence, reason: null, address: stage === 'dns' ? null : '203.0.113.7' };
}

describe.each(OUTCOMES)('$stage $outcome', (row) => {
  const name = `${row.stage} ${row.outcome}` as Name;

  test.each([
    ['some', 'blocked_from_some'],
    ['everywhere', 'fails_everywhere_mixed'],
  ] as const)('from %s', (reach, rule) => {
    const lines = lookFirst({ ...where, rule, failing: [seen(row)] });
    expect(asked(lines), lines.join('\n')).toEqual(TABLE[name][reach]);
  });
});

const at = (address: string, row: Partial<FailingRegion>): FailingRegion => ({
  stage: 'tcp',
  outcome: 'timeout',
  evidence: 'filtered',
  reason: null,
  address,
  ...row,
});
const silence = (address: string) => at(address, {});
const refusal = (address: string) => at(address, { outcome: 'refused', evidence: 'refused' });
const expired = (address: string) =>
  at(address, { stage: 'tls', outcome: 'bad_certificate', evidence: 'listening', reason: 'expired' });

describe('what one region has seen is not asked for another', () => {
  test.each<[string, readonly FailingRegion[], readonly Ask[], readonly Ask[]]>([
    [
      'silence, and elsewhere a handshake at the same address: it listens, so what is between is asked for',
      [silence('203.0.113.7'), silence('203.0.113.7'), expired('203.0.113.7')],
      ['waf', 'firewall', 'steps'],
      ['host', 'locally', 'queue', 'states', 'bound'],
    ],
    [
      'a refusal, and elsewhere a handshake at the same address',
      [refusal('203.0.113.7'), expired('203.0.113.7')],
      ['firewall', 'capture'],
      ['bound', 'host', 'locally'],
    ],
    [
      'silence, and elsewhere a refusal at the same address: the host is up',
      [silence('203.0.113.7'), silence('203.0.113.7'), refusal('203.0.113.7')],
      ['locally', 'queue', 'bound'],
      ['host'],
    ],
    [
      'silence, and a handshake at another address, which says nothing of this one',
      [silence('203.0.113.9'), silence('203.0.113.9'), expired('203.0.113.7')],
      ['host', 'locally', 'queue'],
      ['waf'],
    ],
  ])('%s', (_, failing, must, never) => {
    const lines = lookFirst({ ...where, rule: 'fails_everywhere_mixed', failing });
    const names = asked(lines);
    expect(names, lines.join('\n')).toEqual(expect.arrayContaining([...must]));
    expect(
      names.filter((name) => never.includes(name)),
      lines.join('\n'),
    ).toEqual([]);
  });

  test('a dead address is asked for as a server of its own', () => {
    const lines = lookFirst({ ...where, rule: 'dead_address_from_some', failing: [silence('203.0.113.9')] });
    expect(lines[0]).toMatch(/^Is 203\.0\.113\.9 still meant to be in DNS/);
    expect(asked(lines)).toEqual(expect.arrayContaining(['locally', 'queue', 'states']));
  });
});

test('the order is that of the field: host and process, locally, queue, counts, the steps of the handshake, firewall', () => {
  const lines = lookFirst({ ...where, rule: 'unreachable_everywhere', failing: [silence('203.0.113.7')] });
  const places = (['host', 'locally', 'queue', 'states', 'steps', 'firewall'] as const).map((ask) =>
    lines.findIndex((line) => ASKS[ask].test(line)),
  );
  expect(places).toEqual([0, 1, 2, 3, 4, 5]);
});
