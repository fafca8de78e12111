import { expect, test } from 'vitest';
import {
  type Check,
  checkLine,
  matrix,
  meaning,
  regionLine,
  resultOf,
} from '../../../lib/cli/check/matrix.ts';
import { NO_REPORT } from '../../support/transitions.ts';

type Region = Check['regions'][number];

const silent = (region: string, answer: Region['answer']): Region => ({
  region,
  answer,
  state: 'unknown',
  since: null,
  at: null,
  ...NO_REPORT,
  tainted: [],
});

const answered = { answer: 'answered', address: '203.0.113.7', tcpClock: 'kernel', tries: 1 } as const;
const passing = (region: string): Region => ({
  ...silent(region, 'answered'),
  ...answered,
  state: 'passing',
  evidence: 'listening',
  stage: 'tls',
  outcome: 'ok',
  certificate: 'ab',
  tainted: ['tls'],
  timings: { dnsMs: 1.23, tcpMs: 23.1, tlsMs: 25 },
});
const blocked = (region: string): Region => ({
  ...silent(region, 'answered'),
  ...answered,
  state: 'suspect',
  evidence: 'filtered',
  stage: 'tcp',
  outcome: 'timeout',
  sourceAddress: '198.51.100.9',
  timings: { dnsMs: 1.2 },
});

const check = (regions: Region[], rest: Partial<Check> = {}): Check => ({
  id: '3f2a91c04be7d815',
  at: '2026-11-21T03:12:05.000Z',
  complete: true,
  endpoint: null,
  target: { host: '2001:db8::1', port: 443, handshake: 'tls', addressFamily: 'ipv6', certificate: 'verify' },
  rule: 'blocked_from_some',
  regions,
  certificates: [],
  checklist: ['Firewall? nft list ruleset'],
  ...rest,
});

test.each<readonly [Region[], string]>([
  [[passing('a'), passing('b')], 'passing'],
  [[passing('a'), blocked('b')], 'failing'],
  [[blocked('a'), silent('b', 'no_answer')], 'failing'],
  [[passing('a'), silent('b', 'no_answer')], 'inconclusive'],
  [[silent('a', 'pending')], 'inconclusive'],
])('%#: %s', (regions, expected) => {
  expect(resultOf(check(regions))).toBe(expected);
});

test('regions stand below each other, stages beside each other, as far as they have answered', () => {
  const rows = matrix(
    check([passing('eu-west-1'), blocked('us-east-1'), silent('sa-east-1', 'pending')]),
    120,
  ).split('\n');
  const row = (region: string) =>
    rows
      .find((line) => line.includes(region))
      ?.split('│')
      .map((cell) => cell.trim());
  expect(rows[0]).toContain('[2001:db8::1]:443  tls');
  expect(row('region')).toEqual(['', 'region', '', 'dns', 'tcp', 'tls', 'address', 'from', '']);
  expect(row('eu-west-1')).toEqual(['', 'eu-west-1', '● passing', '1.2', '23', '~25', '203.0.113.7', '', '']);
  expect(row('us-east-1')?.slice(2, 6)).toEqual(['✖ failing', '1.2', 'timeout', '']);
  expect(row('us-east-1')?.[7]).toBe('198.51.100.9');
  expect(row('sa-east-1')?.slice(2, 7)).toEqual(['… asked', '', '', '', '']);
  expect(rows.at(-1)).toContain("~ may be the prober's own time");
});

test('what it means, whose certificates were seen, and how to see it again', () => {
  const certificate = {
    sha256: 'ab',
    subject: 'CN=shop',
    issuer: 'CN=ca',
    names: [],
    notBefore: '2026-11-01T00:00:00.000Z',
    notAfter: '2026-12-21T03:12:05.000Z',
    chain: 2,
  };
  const one = check([passing('eu-west-1'), blocked('us-east-1')], { certificates: [certificate] });
  const text = meaning(one, 'parallax', Date.parse(one.at));
  expect(text).toContain('certificate CN=shop, by CN=ca, 30 days left  eu-west-1');
  expect(text).toContain('✖ blocked from some: The same address listens elsewhere');
  expect(text).toContain('  1. Firewall? nft list ruleset');
  expect(text).toContain('parallax check --id 3f2a91c04be7d815');
  expect(checkLine(one)).toBe('03:12:05Z ✖ blocked from some  1 of 2 regions pass  us-east-1 tcp timeout');
  expect(regionLine(passing('eu-west-1'))).toBe(
    'eu-west-1  ● passing  dns 1.2  tcp 23  tls ~25 ms  203.0.113.7',
  );
  expect(regionLine(silent('a', 'no_answer'))).toBe('a  ? no answer');
});

test('where nobody answered nothing is known; where some did not, only of the others', () => {
  const none = check([silent('a', 'no_answer')], { rule: null, checklist: [] });
  expect(meaning(none, 'parallax', 0)).toContain('· no region says anything of the port');
  const half = check([passing('a'), silent('b', 'no_answer')], { rule: 'reachable', checklist: [] });
  expect(meaning(half, 'parallax', 0)).toContain('· 1 of 2 regions get through');
});
