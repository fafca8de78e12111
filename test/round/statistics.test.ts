import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation, Passing } from '../../lib/round/observation.ts';
import { statisticsOf } from '../../lib/round/statistics.ts';
import { observations as anyObservations, BASE_AT } from './arbitrary.ts';

const passing = (tcpMs: number, changes: Partial<Passing> = {}): Passing => ({
  passed: true,
  tag: 1,
  at: BASE_AT,
  stage: 'tls',
  address: '198.51.100.7',
  tcpClock: 'kernel',
  synRetransmits: 0,
  tainted: [],
  certificate: null,
  ...changes,
  timings: { tcpMs, ...changes.timings },
});

const unresolved: Observation = {
  passed: false,
  tag: 1,
  at: BASE_AT,
  stage: 'dns',
  outcome: 'nxdomain',
  evidence: 'unresolved',
  reason: null,
  errno: null,
  bytesReceived: 0,
  sourceAddress: null,
  timings: {},
};

const none = { count: 0, medianMs: null, p95Ms: null, tainted: 0, synRetransmitted: 0 };

describe('statistics', () => {
  it('of nothing', () => {
    const clocks = { kernel: 0, loop: 0 };
    const empty = { tries: 0, passed: 0, tcpClock: clocks, minRttMs: null };
    expect(statisticsOf([])).toEqual({ ...empty, dns: none, tcp: none, tls: none, http2: none });
  });

  it('have a median and a 95th percentile of each stage', () => {
    const tries = Array.from({ length: 20 }, (_, n) =>
      passing(n + 1, { timings: { tcpMs: n + 1, tlsMs: 50 } }),
    );
    const { tries: all, passed, tcp, tls } = statisticsOf([...tries, unresolved].reverse());
    expect([all, passed]).toEqual([21, 20]);
    expect(tcp).toEqual({ ...none, count: 20, medianMs: 10.5, p95Ms: 19 });
    expect(tls).toEqual({ ...none, count: 20, medianMs: 50, p95Ms: 50 });
    expect(statisticsOf(tries.slice(0, 3)).tcp).toMatchObject({ medianMs: 2, p95Ms: 3 });
  });

  it('leave out a connect that needed a second SYN, and what a busy loop spoiled; other stages of the try count', () => {
    const resent = passing(1012, {
      synRetransmits: 1,
      tcpClock: 'loop',
      timings: { tcpMs: 1012, tlsMs: 30 },
    });
    const tainted = passing(20, { tainted: ['tls'], timings: { tcpMs: 20, tlsMs: 99 } });
    const { tcp, tls, tcpClock } = statisticsOf([resent, tainted, passing(21, { tcpClock: 'loop' })]);
    expect(tcp).toEqual({ ...none, count: 2, medianMs: 20.5, p95Ms: 21, synRetransmitted: 1 });
    expect(tls).toEqual({ ...none, count: 1, medianMs: 30, p95Ms: 30, tainted: 1 });
    expect(tcpClock).toEqual({ kernel: 1, loop: 1 });
  });

  it('know the shortest round trip, whatever became of the try', () => {
    const failed: Observation = {
      ...unresolved,
      stage: 'tcp',
      outcome: 'timeout',
      evidence: 'filtered',
      address: '198.51.100.7',
      tcpClock: 'kernel',
      synRetransmits: 3,
      tainted: [],
      certificate: null,
      timings: { dnsMs: 2 },
    };
    const given = [passing(21, { minRttMs: 19.5 }), passing(20, { minRttMs: 20 }), passing(19), failed];
    expect(statisticsOf(given)).toMatchObject({ minRttMs: 19.5, dns: { count: 1 }, tcp: { count: 3 } });
  });

  it('count every finished stage of every try exactly once', () => {
    const timing = { dns: 'dnsMs', tcp: 'tcpMs', tls: 'tlsMs', http2: 'http2Ms' } as const;
    fc.assert(
      fc.property(anyObservations, (given) => {
        const all = statisticsOf(given);
        for (const [stage, name] of Object.entries(timing) as [keyof typeof timing, string][]) {
          const { count, tainted, synRetransmitted, medianMs, p95Ms } = all[stage];
          expect(count + tainted + synRetransmitted).toBe(given.filter((one) => name in one.timings).length);
          expect(p95Ms ?? 0).toBeGreaterThanOrEqual(medianMs ?? 0);
        }
        expect(all.tcpClock.kernel + all.tcpClock.loop).toBe(all.tcp.count);
      }),
    );
  });
});
