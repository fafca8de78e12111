import * as fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { EVIDENCE, HANDSHAKES, OUTCOMES, STAGES } from '../../lib/outcome/outcome.ts';
import type { Observation, Passing } from '../../lib/round/observation.ts';

export const BASE_AT = 1_790_000_000_000;

const text = fc.option(fc.string(), { nil: null });
const ms = fc.double({ min: 0, max: 20_000, noNaN: true }).map((value) => Math.abs(value));
const tag = fc.integer({ min: 0, max: 0xffffffff });
const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const address = fc.oneof(bytes(4), bytes(16)).map((raw) => ipaddr.fromByteArray([...raw]).toString());
const at = fc.oneof(
  fc.integer({ min: BASE_AT, max: BASE_AT + 30_000 }),
  fc.double({ min: BASE_AT, max: BASE_AT + 200_000, noNaN: true }),
);
const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''))
    .filter((digits) => !digits.startsWith('00000000'));

const atAddress = {
  tag,
  at,
  address,
  tcpClock: fc.constantFrom('kernel' as const, 'loop' as const),
  synRetransmits: fc.nat({ max: 9 }),
  tainted: fc.subarray([...STAGES]),
  certificate: fc.option(hex(64), { nil: null }),
};
const laterTimings = fc.record({ dnsMs: ms, tcpMs: ms, tlsMs: ms, http2Ms: ms }, { requiredKeys: ['tcpMs'] });

/** With what a kernel may not say, or without. */
const measured = <T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T & { minRttMs?: number }> =>
  fc
    .tuple(arbitrary, fc.option(ms, { nil: undefined }))
    .map(([one, minRttMs]) => (minRttMs === undefined ? one : { ...one, minRttMs }));

export const passing: fc.Arbitrary<Passing> = measured(
  fc.record({
    ...atAddress,
    passed: fc.constant(true as const),
    stage: fc.constantFrom(...HANDSHAKES),
    timings: laterTimings,
  }),
);

const failure = {
  passed: fc.constant(false as const),
  evidence: fc.constantFrom(...EVIDENCE),
  reason: text,
  errno: text,
  bytesReceived: fc.nat(),
  sourceAddress: text,
};
const tls = fc.record({ version: text, cipher: text, alpn: text });

/** Of one row of the outcome table each, so that every row is packed. */
const failing: fc.Arbitrary<Observation> = fc
  .constantFrom(...OUTCOMES)
  .chain((row): fc.Arbitrary<Observation> => {
    switch (row.stage) {
      case 'dns':
        return fc.record({
          tag,
          at,
          ...failure,
          stage: fc.constant(row.stage),
          outcome: fc.constant(row.outcome),
          timings: fc.constant({}),
        });
      case 'tcp':
        return fc.record({
          ...atAddress,
          ...failure,
          stage: fc.constant(row.stage),
          outcome: fc.constant(row.outcome),
          timings: fc.record({ dnsMs: ms }, { requiredKeys: [] }),
        });
      case 'tls':
        return measured(
          fc.record({
            ...atAddress,
            ...failure,
            stage: fc.constant(row.stage),
            outcome: fc.constant(row.outcome),
            timings: laterTimings,
            tls,
          }),
        );
      case 'http2':
        return fc.record({
          ...atAddress,
          ...failure,
          stage: fc.constant(row.stage),
          outcome: fc.constant(row.outcome),
          timings: laterTimings,
          tls,
        });
    }
  });

export const observations = fc.array(fc.oneof({ weight: 3, arbitrary: passing }, failing), { maxLength: 80 });
