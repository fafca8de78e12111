import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lookFirst } from '../../lib/outcome/look-first.ts';
import type { FailingRegion, LookFirst } from '../../lib/outcome/look-first-shape.ts';
import { OUTCOMES } from '../../lib/outcome/outcome.ts';
import { RULES } from '../../lib/verdict/verdict.ts';

const ADDRESS = '203.0.113.7';
const silence = {
  stage: 'tcp',
  outcome: 'timeout',
  evidence: 'filtered',
  reason: null,
  address: ADDRESS,
} as const;
const refusal = { ...silence, outcome: 'refused', evidence: 'refused' } as const;

function linesFor(rule: LookFirst['rule'], failing: FailingRegion, more: Partial<LookFirst> = {}): string {
  const input = {
    host: 'shop.example.com',
    port: 8443,
    serverName: null,
    sourceAddresses: ['3.250.1.2'],
    ...more,
  };
  return lookFirst({ rule, failing: [failing], ...input }).join('\n');
}

describe('the evidence chooses the lines', () => {
  test('refused everywhere: the process and what it is bound to, never whether the host is up', () => {
    const lines = linesFor('not_listening', refusal);
    expect(lines).toContain("ss -ltnp 'sport = :8443'");
    expect(lines).toContain('0.0.0.0:8443');
    expect(lines).not.toMatch(/\bping\b|Host up|ListenOverflows/);
  });

  test('silence from some: who filters AWS addresses, by the addresses that tried; never whether the host is up', () => {
    const lines = linesFor('blocked_from_some', silence);
    expect(lines).toMatch(/^WAF, bot, geo or fail2ban rule against AWS addresses\? .*3\.250\.1\.2$/m);
    expect(lines).toContain('sudo nft list ruleset; sudo iptables -S');
    expect(lines).toMatch(/^Allow-list/m);
    expect(lines).not.toMatch(/Host up|Accept queue|Process up/);
  });

  test('silence from all: host, firewall, accept queue; nothing about AWS addresses', () => {
    const lines = linesFor('unreachable_everywhere', silence);
    expect(lines).toMatch(
      /Host up,[\s\S]*localhost 8443[\s\S]*Recv-Q above Send-Q[\s\S]*TcpExtListenOverflows[\s\S]*nft list ruleset/,
    );
    expect(lines).toContain('SYN-RECV');
    expect(lines).not.toMatch(/WAF|Allow-list/);
  });

  test('reset after ClientHello from some: the server name is tried with and without', () => {
    const lines = linesFor('blocked_from_some', {
      ...silence,
      stage: 'tls',
      outcome: 'reset',
      evidence: 'interfered',
    });
    expect(lines).toContain('openssl s_client -connect 203.0.113.7:8443 -servername shop.example.com');
    expect(lines).toContain('-noservername');
    expect(lines).not.toMatch(/Process up|nft list/);
  });

  test('once bytes came back, nobody is asked to look for a filter', () => {
    const stalled = { ...silence, stage: 'tls', outcome: 'timeout' } as const;
    expect(linesFor('handshake_differs', { ...stalled, evidence: 'interfered' })).toContain('WAF');
    const lines = linesFor('handshake_differs', { ...stalled, evidence: 'listening' });
    expect(lines).not.toMatch(/WAF|Filter on/);
    expect(lines).toContain('ping -M do');
  });

  test('a certificate: what its reason means comes first', () => {
    const bad = { ...silence, stage: 'tls', outcome: 'bad_certificate', evidence: 'listening' } as const;
    expect(linesFor('handshake_fails_everywhere', { ...bad, reason: 'expired' })).toContain(
      'Renewal failed?',
    );
    expect(linesFor('handshake_differs', { ...bad, reason: 'expired' })).toMatch(
      /Stale server[\s\S]*Intercepted/,
    );
    expect(linesFor('handshake_fails_everywhere', { ...bad, reason: 'not_yet_valid' })).toMatch(/^Clock/);
    expect(linesFor('handshake_fails_everywhere', { ...bad, reason: 'self_signed' })).toContain('"ignore"');
  });

  test('a name that others resolve was not deleted', () => {
    const gone = {
      ...silence,
      stage: 'dns',
      outcome: 'nxdomain',
      evidence: 'unresolved',
      address: null,
    } as const;
    expect(linesFor('unresolved_everywhere', gone)).toContain('Record deleted');
    expect(linesFor('unresolved_from_some', gone)).not.toMatch(/deleted|expired/);
    expect(linesFor('unresolved_from_some', gone)).toContain('dig +nssearch');
  });

  test('a dead address is named, with DNS and its health check before its host', () => {
    const lines = linesFor('dead_address_from_some', { ...silence, address: '203.0.113.9' });
    expect(lines).toMatch(/^Is 203\.0\.113\.9 still meant to be in DNS\? dig \+short shop\.example\.com\n/);
    expect(lines).toContain('health check');
  });

  test('several ways to fail share the list, the most frequent first', () => {
    const failing = [refusal, silence, silence];
    const lines = lookFirst({
      rule: 'fails_everywhere_mixed',
      failing,
      host: 'a.example',
      port: 22,
      serverName: null,
      sourceAddresses: [],
    });
    expect(lines[0]).toContain('Does it answer on the host itself?');
    expect(lines.some((line) => line.startsWith('Process up'))).toBe(true);
    expect(lines).toHaveLength(6);
  });

  test('an address literal has no name to ask DNS for, and no name for TLS', () => {
    const lines = linesFor('unreachable_everywhere', silence, { host: '2001:db8::7' });
    expect(lines).not.toContain('dig ');
    const tls = {
      ...silence,
      stage: 'tls',
      outcome: 'tls_alert',
      evidence: 'listening',
      address: '2001:db8::7',
    } as const;
    expect(linesFor('handshake_fails_everywhere', tls, { host: '2001:db8::7' })).toContain(
      'openssl s_client -connect [2001:db8::7]:8443 </dev/null',
    );
  });

  const cut = { ...silence, stage: 'tls', outcome: 'reset', evidence: 'interfered' } as const;
  const wrongName = {
    ...silence,
    stage: 'tls',
    outcome: 'bad_certificate',
    evidence: 'listening',
    reason: 'hostname_mismatch',
  } as const;

  test.each([ADDRESS, 'edge.example.net'])(
    'TLS to %s is asked for the server name, not for the host',
    (host) => {
      const named = { host, serverName: 'shop.example.com' };
      const reset = linesFor('blocked_from_some', cut, named);
      expect(reset).toContain(
        'With and without the name: openssl s_client -connect 203.0.113.7:8443 -servername shop.example.com </dev/null; openssl s_client -connect 203.0.113.7:8443 -noservername',
      );
      const mismatch = linesFor('handshake_fails_everywhere', wrongName, named);
      expect(mismatch).toMatch(
        /^Which names does it carry\? .* -servername shop\.example\.com .*subjectAltName$/m,
      );
      expect(`${reset}${mismatch}`).not.toContain(`-servername ${host}`);
    },
  );

  test('an address literal without a server name: nothing is tried with and without it', () => {
    const reset = linesFor('blocked_from_some', cut, { host: ADDRESS });
    expect(reset).toMatch(/^WAF/);
    expect(reset).not.toContain('servername');
    const mismatch = linesFor('handshake_fails_everywhere', wrongName, { host: ADDRESS });
    expect(mismatch).toContain('openssl s_client -connect 203.0.113.7:8443 </dev/null');
    expect(mismatch).not.toContain('servername');
  });
});

const hostile = fc.oneof(
  fc.constantFrom('$(reboot)', '`id`', "x'; rm -rf /", '-exec', 'a\nb', 'fe80::1%$(id)', '{host}', '💥'),
  fc.string({ unit: 'binary' }),
);
const region: fc.Arbitrary<FailingRegion> = fc.record({
  stage: fc.constantFrom(null, 'dns', 'tcp', 'tls', 'http2'),
  outcome: fc.oneof(
    fc.constantFrom(...OUTCOMES.map((row) => row.outcome)),
    fc.constantFrom('ok', null),
    hostile,
  ),
  evidence: fc.constantFrom(
    null,
    'listening',
    'refused',
    'filtered',
    'interfered',
    'unresolved',
    'inconclusive',
  ),
  reason: fc.oneof(fc.constantFrom(null, 'expired', '__proto__'), hostile),
  address: fc.oneof(fc.constantFrom(null, ADDRESS), hostile),
});

test('property: at most seven single lines, and nothing of the input that a shell would read', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...RULES),
      fc.array(region, { maxLength: 8 }),
      hostile,
      fc.option(hostile),
      fc.array(hostile, { maxLength: 4 }),
      (rule, failing, host, serverName, sourceAddresses) => {
        const known = lookFirst({ rule, failing, host: 'HOST', port: 443, serverName, sourceAddresses: [] });
        const lines = lookFirst({ rule, failing, host, port: 443, serverName, sourceAddresses });
        expect(lines.length).toBeLessThanOrEqual(7);
        for (const line of [...known, ...lines]) {
          expect(line).not.toMatch(/[\n\r]|\$\(|`|rm -rf|\{\w+\}/);
          expect(line.length).toBeLessThan(900);
        }
      },
    ),
  );
});

test('every outcome has something to look at, whatever the rule that needs it', () => {
  for (const { stage, outcome, evidence } of OUTCOMES) {
    const one = { stage, outcome, evidence, reason: null, address: ADDRESS };
    expect(linesFor('blocked_from_some', one), `${stage} ${outcome}`).not.toBe('');
    expect(linesFor('fails_everywhere_mixed', one), `${stage} ${outcome}`).not.toBe('');
  }
});
