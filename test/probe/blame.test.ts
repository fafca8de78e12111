import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OUTCOMES, type OutcomeRow } from '../../lib/outcome/outcome.ts';
import { asksForControls, blame } from '../../lib/probe/blame.ts';
import type { FamilyHealth } from '../../lib/probe/control-health.ts';
import { failedDns, failedHttp2, failedTcp, failedTls, passed } from '../../lib/probe/observe.ts';
import type { Failing } from '../../lib/round/observation.ts';

const target = {
  tag: 1,
  host: 'shop.test',
  port: 443,
  handshake: 'http2',
  addressFamily: 'ipv4',
  certificate: 'verify',
} as const;
const found = { address: '192.0.2.1', at: 1 };
const reached = {
  ...found,
  tag: 1,
  tcpClock: 'kernel',
  synRetransmits: 0,
  tainted: [],
  certificate: null,
  timings: { tcpMs: 1 },
} as const;
const tls = { version: null, cipher: null, alpn: null };

/** Every row of the outcome table, before and after bytes of the peer. */
function failingOf(row: OutcomeRow): readonly Failing[] {
  const said = { reason: null, errno: null };
  switch (row.stage) {
    case 'dns':
      return [failedDns(target, 1, { ok: false, outcome: row.outcome, errno: null })];
    case 'tcp':
      return [failedTcp(target, found, { ...said, outcome: row.outcome, synRetransmits: 0 })];
    case 'tls':
      return [0, 9].map((bytes) => failedTls(reached, { ...said, outcome: row.outcome }, bytes, tls));
    case 'http2':
      return [0, 9].map((bytes) => failedHttp2(reached, { ...said, outcome: row.outcome }, bytes, tls));
  }
}
const failing: readonly Failing[] = OUTCOMES.flatMap(failingOf);

const anyFailing = fc.constantFrom(...failing);
const anyHealth: fc.Arbitrary<FamilyHealth> = fc.record({
  reached: fc.boolean(),
  lossy: fc.boolean(),
  resolved: fc.constantFrom('each_time', 'sometimes', 'never', null),
});

test('blame makes nothing conclusive that was not, and changes no more than evidence and reason', () => {
  fc.assert(
    fc.property(anyFailing, anyHealth, (before, health) => {
      const after = blame(before, health);
      if (before.evidence === 'inconclusive') expect(after).toEqual(before);
      expect([before.evidence, 'inconclusive']).toContain(after.evidence);
      expect({ ...after, evidence: before.evidence, reason: before.reason }).toEqual(before);
    }),
  );
});

test('a sick region is believed in nothing', () => {
  fc.assert(
    fc.property(anyFailing, anyHealth, (before, health) => {
      expect(blame(before, { ...health, reached: false }).evidence).toBe('inconclusive');
    }),
  );
});

test('a healthy region is believed in all but names, and in names as far as its resolver is', () => {
  fc.assert(
    fc.property(anyFailing, anyHealth, (before, { resolved }) => {
      const after = blame(before, { reached: true, lossy: false, resolved });
      if (before.stage !== 'dns' || resolved === 'each_time') expect(after).toEqual(before);
      else if (before.evidence !== 'inconclusive') {
        const answered = before.outcome === 'nxdomain' || before.outcome === 'no_answer';
        const timedOut = before.outcome === 'timeout';
        const blamed = { never: true, sometimes: timedOut, null: !answered }[`${resolved}`];
        expect(after.reason).toBe(blamed ? 'resolver_unhealthy' : before.reason);
        expect(after.evidence).toBe(blamed ? 'inconclusive' : before.evidence);
      }
    }),
  );
});

test('a region that loses packets is believed in all but silence', () => {
  fc.assert(
    fc.property(anyFailing, (before) => {
      const after = blame(before, { reached: true, lossy: true, resolved: 'each_time' });
      if (before.outcome !== 'timeout') expect(after).toEqual(before);
      else expect(after.evidence).toBe('inconclusive');
    }),
  );
});

test('a try that was never sent asks no control; nor does one that passed', () => {
  const unsent = (outcome: 'local_error' | 'address_forbidden', reason: string | null) =>
    failedTcp(target, found, { outcome, reason, errno: null, synRetransmits: 0 });
  expect(asksForControls(unsent('address_forbidden', null))).toBe(false);
  expect(asksForControls(unsent('local_error', 'no_ipv6'))).toBe(false);
  expect(asksForControls(unsent('local_error', 'address_busy'))).toBe(false);
  expect(asksForControls(unsent('local_error', null))).toBe(true);
  expect(asksForControls(passed(reached, 'tcp'))).toBe(false);
});
