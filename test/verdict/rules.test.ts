import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../lib/outcome/outcome.ts';
import type { Newest, RegionState } from '../../lib/verdict/region-state.ts';
import { type JudgeRegionsInput, judgeRegions } from '../../lib/verdict/rules.ts';
import { RULES } from '../../lib/verdict/verdict.ts';

const NOW = 10_000_000;
const X = '203.0.113.7';
const Y = '203.0.113.8';

function newest(evidence: Evidence, at: number, address: string | null): Newest {
  const stage = address === null ? 'dns' : 'tcp';
  const none = { reason: null, errno: null, sourceAddress: null, tcpClock: null, tainted: [] };
  const unseen = { bytesReceived: 0, tls: null, certificate: null };
  return {
    at,
    evidence,
    stage,
    outcome: 'timeout',
    address,
    synRetransmits: 0,
    timings: {},
    ...none,
    ...unseen,
  };
}

const agoMs = (ms: number): number => NOW - ms;

function passing(passedAgoMs: number, address = X): RegionState {
  const at = agoMs(passedAgoMs);
  const none = { failingSince: null, failing: null, elsewhere: null, newest: null };
  return {
    state: 'passing',
    since: 1,
    newestAt: at,
    conclusiveAt: at,
    tries: 9,
    passedAt: { [address]: at },
    failedAt: {},
    ...none,
  };
}

function failing(
  evidence: Evidence,
  { state = 'failing', tries = 2, address = X }: Partial<RegionState> & { address?: string | null } = {},
): RegionState {
  const at = agoMs(5_000);
  const fails = newest(evidence, at, evidence === 'unresolved' ? null : address);
  const since = agoMs(20_000);
  const times = { since, failingSince: since, newestAt: at, conclusiveAt: at };
  return {
    state,
    tries,
    passedAt: {},
    failedAt: {},
    failing: fails,
    elsewhere: null,
    newest: fails,
    ...times,
  };
}

function ask(states: readonly (RegionState | undefined)[], other: Partial<JudgeRegionsInput> = {}) {
  const regions = states.map((_, index) => `r${index}`);
  const named = states.flatMap((state, index) => (state ? [[`r${index}`, state] as const] : []));
  return judgeRegions({
    regions,
    states: Object.fromEntries(named),
    suspicion: null,
    freshSince: agoMs(20_000),
    provenAt: 1,
    watchedSince: 0,
    silentSince: null,
    incident: null,
    now: NOW,
    intervalSeconds: 60,
    ...other,
  });
}

const silentAt = (address: string): Newest => newest('filtered', agoMs(2_000), address);
const fresh = passing(1_000);
const old = passing(30_000);
const suspect = failing('refused', { state: 'suspect', tries: 1 });
const recovering = { ...failing('refused', { state: 'recovering' }), conclusiveAt: agoMs(1_000) };
const asked = { startedAt: agoMs(20_000), askedAt: agoMs(13_000) };
const asking = { startedAt: agoMs(20_000), askedAt: agoMs(11_000) };

describe('one rule each', () => {
  test.each([
    ['reachable', null, [fresh, fresh]],
    ['reachable', null, [old, old, undefined]],
    ['blocked_from_some', 'partial', [failing('filtered'), fresh, fresh]],
    ['blocked_from_some', 'partial', [failing('interfered'), fresh]],
    ['refused_from_some', 'partial', [failing('refused'), fresh]],
    ['dead_address_from_some', 'partial', [failing('refused', { address: Y }), fresh]],
    ['dead_address_from_some', 'partial', [failing('filtered', { address: Y }), fresh]],
    [
      'blocked_from_some',
      'partial',
      [{ ...failing('filtered', { address: Y }), elsewhere: silentAt(X) }, fresh],
    ],
    ['refused_from_some', 'partial', [{ ...failing('refused'), elsewhere: silentAt(Y) }, fresh]],
    [
      'dead_address_from_some',
      'partial',
      [{ ...failing('refused', { address: Y }), elsewhere: silentAt('203.0.113.9') }, fresh],
    ],
    ['unresolved_from_some', 'partial', [failing('unresolved'), fresh]],
    ['handshake_differs', 'partial', [failing('listening'), fresh]],
    ['refused_from_some', 'partial', [failing('refused'), failing('refused'), failing('filtered'), fresh]],
    ['blocked_from_some', 'partial', [failing('refused'), failing('filtered'), fresh]],
    ['not_listening', 'down', [failing('refused'), failing('refused')]],
    ['unreachable_everywhere', 'down', [failing('filtered'), failing('filtered')]],
    ['unresolved_everywhere', 'down', [failing('unresolved'), failing('unresolved')]],
    ['handshake_fails_everywhere', 'down', [failing('listening'), failing('interfered')]],
    ['fails_everywhere_mixed', 'down', [failing('refused'), failing('filtered')]],
    ['failing_where_seen', 'failing_where_seen', [failing('refused'), undefined, undefined]],
    ['not_listening', 'down', [failing('refused', { tries: 3 })]],
    ['reachable', null, [failing('refused', { tries: 2 })]],
  ] as const)('%s, %s', (rule, kind, states) => {
    expect(ask(states).verdict).toMatchObject({ rule, kind });
  });

  test('nobody watches: said after ten minutes', () => {
    expect(ask([undefined], { silentSince: agoMs(599_999) }).verdict).toMatchObject({
      rule: 'not_watched',
      kind: null,
    });
    expect(ask([undefined], { silentSince: agoMs(600_000) }).verdict.kind).toBe('not_watched');
  });

  test('never seen listening: said after five minutes, if it was confirmed', () => {
    const unproven = { provenAt: null, watchedSince: agoMs(300_000) };
    expect(ask([failing('refused')], unproven).verdict).toMatchObject({ rule: 'unproven', kind: 'unproven' });
    expect(ask([suspect], unproven).verdict.kind).toBeNull();
    expect(ask([failing('refused')], { ...unproven, watchedSince: agoMs(299_999) }).verdict.kind).toBeNull();
  });
});

describe('a dead address that all regions have met', () => {
  const fails = failing('refused');
  const alsoPasses = (passedAgoMs: number) => ({ ...fails, passedAt: { [Y]: agoMs(passedAgoMs) } });
  const incident = { rule: 'dead_address_from_some', told: null, since: agoMs(900_000) } as const;

  test('is no outage as long as one of them gets through at another', () => {
    const { verdict } = ask([fails, alsoPasses(4_000)], { incident });
    expect(verdict).toMatchObject({ rule: incident.rule, kind: 'partial', listening: [] });
    expect(verdict.failing).toEqual(['r0', 'r1']);
    expect(ask([fails, alsoPasses(180_000)], { incident }).verdict.kind).toBe('down');
    expect(ask([fails, fails], { incident }).verdict.kind).toBe('down');
    const later = { ...incident, since: agoMs(4_000) };
    const other = { ...incident, rule: 'not_listening', told: {} } as const;
    for (const one of [later, other]) {
      expect(ask([fails, alsoPasses(4_000)], { incident: one }).verdict.kind).toBe('down');
    }
  });

  test('takes back an outage that has not been told yet, and keeps to one that has', () => {
    const down = { rule: 'not_listening', since: agoMs(21_000), told: null } as const;
    const told = { ...down, told: {} };
    expect(ask([fails, alsoPasses(6_000)], { incident: down }).verdict.kind).toBe('partial');
    expect(ask([fails, alsoPasses(4_000)], { incident: down }).verdict.kind).toBe('down');
    expect(ask([fails, alsoPasses(6_000)], { incident: told }).verdict.kind).toBe('down');
  });

  test('is no outage where only one region watches either', () => {
    const alone = { ...alsoPasses(6_000), tries: 3 };
    expect(ask([alone]).verdict).toMatchObject({ rule: 'dead_address_from_some', kind: 'partial' });
    expect(ask([{ ...fails, tries: 3 }]).verdict.kind).toBe('down');
  });

  test('without an incident: once a region has failed again after another address passed', () => {
    expect(ask([fails, alsoPasses(6_000)]).verdict.kind).toBe('partial');
    expect(ask([fails, alsoPasses(4_000)]).verdict.kind).toBe('down');
    expect(ask([fails, alsoPasses(21_000)]).verdict.kind).toBe('down');
  });
});

describe('only a fresh pass testifies', () => {
  test('a region that has not answered is waited for, then leaves the quorum', () => {
    const states = [failing('refused'), failing('refused'), old];
    expect(ask(states, { suspicion: asking }).settled).toBe(false);
    expect(ask(states, { suspicion: { ...asking, askedAt: null } }).settled).toBe(false);
    const { settled, verdict } = ask(states, { suspicion: asked });
    expect(settled).toBe(true);
    expect(verdict).toMatchObject({ kind: 'down', failing: ['r0', 'r1'], listening: [], unknown: ['r2'] });
  });

  test('a suspect region is waited for, then counts where all fail and not where some do', () => {
    expect(ask([failing('refused'), suspect], { suspicion: asking }).settled).toBe(false);
    expect(ask([failing('refused'), suspect], { suspicion: asked }).verdict).toMatchObject({
      kind: 'down',
      failing: ['r0', 'r1'],
    });
    expect(ask([failing('refused'), suspect, fresh], { suspicion: asked }).verdict).toMatchObject({
      kind: 'partial',
      failing: ['r0'],
      listening: ['r2'],
      unknown: [],
    });
    expect(ask([suspect, fresh], { suspicion: asked }).verdict).toMatchObject({
      rule: 'reachable',
      kind: null,
    });
  });

  test('one failing try of the only region that is left says nothing', () => {
    expect(ask([suspect, old], { suspicion: asked }).verdict.kind).toBeNull();
  });

  test('a recovering region is waited for, but not for ever, and never listens', () => {
    expect(ask([failing('refused'), recovering, fresh]).settled).toBe(false);
    expect(ask([failing('refused'), recovering, fresh]).verdict.listening).toEqual(['r2']);
    const stuck = { ...recovering, conclusiveAt: agoMs(90_000) };
    expect(ask([failing('refused'), stuck, fresh])).toMatchObject({
      settled: true,
      verdict: { unknown: ['r1'] },
    });
  });
});

test('every input has exactly one rule, and each region at most one place', () => {
  const region = fc.option(
    fc.record({
      base: fc.constantFrom(
        fresh,
        old,
        suspect,
        recovering,
        passing(500_000),
        failing('filtered'),
        failing('listening'),
      ),
      tries: fc.nat(4),
    }),
    { nil: undefined },
  );
  const time = fc.option(fc.integer({ min: 0, max: NOW }), { nil: null });
  fc.assert(
    fc.property(
      fc.array(region, { maxLength: 6 }),
      fc.boolean(),
      time,
      time,
      time,
      (some, suspected, asked, proven, silent) => {
        const states = some.map((one) => one && { ...one.base, tries: one.tries });
        const suspicion = suspected ? { startedAt: agoMs(20_000), askedAt: asked } : null;
        const { verdict } = ask(states, { suspicion, provenAt: proven, silentSince: silent });
        expect(RULES).toContain(verdict.rule);
        const placed = [...verdict.listening, ...verdict.failing, ...verdict.unknown];
        expect(new Set(placed).size).toBe(placed.length);
        for (const list of [verdict.listening, verdict.failing, verdict.unknown])
          expect(list).toEqual([...list].sort());
        for (const name of verdict.listening) expect(states[Number(name.slice(1))]?.state).toBe('passing');
        if (verdict.kind === 'partial')
          expect(Math.min(verdict.failing.length, verdict.listening.length)).toBeGreaterThan(0);
        if (verdict.kind === 'down') expect(verdict.listening).toEqual([]);
      },
    ),
  );
});
