import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Observation, Passing, Timings } from '../../lib/round/observation.ts';
import { packRound, UnreadableRound, unpackRound } from '../../lib/round/pack.ts';
import { BASE_AT, observations, passing } from './arbitrary.ts';

const PACKED: Passing = {
  passed: true,
  tag: 0xdeadbeef,
  at: BASE_AT,
  stage: 'http2',
  address: '203.0.113.7',
  tcpClock: 'kernel',
  synRetransmits: 0,
  tainted: [],
  certificate: 'ab'.repeat(32),
  timings: { dnsMs: 1.25, tcpMs: 23.125, tlsMs: 25, http2Ms: 23.5 },
  minRttMs: 22.5,
};

/** A cohort whose every member passes, each at an address of its own. */
function cohort(size: number, addressOf: (n: number) => string): Passing[] {
  return Array.from({ length: size }, (_, n) => ({
    ...PACKED,
    tag: n,
    at: BASE_AT + n,
    address: addressOf(n),
  }));
}

const ipv4 = (n: number): string => `203.0.113.${n}`;
const ipv6 = (n: number): string => `2001:db8::${(n + 1).toString(16)}`;

describe('round trip', () => {
  test('keeps order, and every field of every observation within what is documented', () => {
    fc.assert(
      fc.property(observations, (given) => {
        const packed = packRound(given);
        const read = unpackRound(packed.passing, packed.failing);
        expect(read.length).toBe(given.length);
        given.forEach((observation, n) => {
          if (observation.passed) expectSamePassing(read[n], observation);
          else expect(read[n]).toEqual(observation);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('an observation that has been packed once is packed without further loss', () => {
    fc.assert(
      fc.property(observations, (given) => {
        const once = unpackAgain(given);
        expect(unpackAgain(once)).toEqual(once);
      }),
    );
  });

  test.each([
    ['at 65,536 ms after the first', { at: BASE_AT + 65_536 }],
    ['an address with a zone', { address: 'fe80::1%eth0' }],
    ['a timing above the largest half float', { timings: { tcpMs: 65_505 } }],
    ['a timing that would round to infinity', { timings: { tcpMs: 70_000 } }],
  ])('%s does not fit and is kept in full', (_, odd) => {
    const given = [PACKED, { ...PACKED, ...odd }, PACKED];
    const { passing: small, failing } = packRound(given);
    expect(failing).not.toBeNull();
    expect(unpackRound(small, failing)[1]).toEqual(given[1]);
  });

  test('more addresses than one byte can name are kept in full', () => {
    const given = cohort(300, (n) => `203.0.${n >> 8}.${n & 255}`);
    const { passing: small, failing } = packRound(given);
    expect(unpackRound(small, failing).map((one) => one.passed && one.address)).toEqual(
      given.map((one) => one.address),
    );
  });

  test('a round of version 1, which had no shortest round trip', () => {
    const { minRttMs: _, ...before } = PACKED;
    const bytes = Buffer.from(
      '0101a0c4506c0000020101cb00710720010db8000000000000000000000001deadbeef828000003d004dc84e404de000abababab00000007801100027e0063e87e007e000100000000',
      'hex',
    );
    const slow = { tag: 7, at: BASE_AT + 2, stage: 'tcp', tcpClock: 'loop', synRetransmits: 1 } as const;
    expect(unpackRound(bytes, null)).toEqual([
      { ...before, certificate: 'abababab' },
      {
        ...before,
        ...slow,
        tainted: ['tcp'],
        certificate: null,
        address: '2001:db8::1',
        timings: { tcpMs: 1012 },
      },
    ]);
  });

  test('a round without observations', () => {
    const { passing: small, failing } = packRound([]);
    expect(failing).toBeNull();
    expect(unpackRound(small, failing)).toEqual([]);
  });

  test('what could never be read again is refused, naming the field', () => {
    expect(() => packRound([{ ...PACKED, timings: { tcpMs: Number.NaN } }])).toThrow(/timings\.tcpMs/);
  });
});

describe('size', () => {
  test('23 bytes a passing observation, 27 with an IPv4 address of its own', () => {
    const same = (size: number) => packRound(cohort(size, () => ipv4(1))).passing.length;
    const distinct = (size: number) => packRound(cohort(size, ipv4)).passing.length;
    expect(same(64) - same(63)).toBe(23);
    expect(distinct(64) - distinct(63)).toBe(27);
  });

  test('a full cohort: 1,739 bytes with distinct IPv4, 2,507 with distinct IPv6 addresses', () => {
    expect(packRound(cohort(64, ipv4)).passing.length).toBe(1739);
    expect(packRound(cohort(64, ipv6)).passing.length).toBe(2507);
  });

  test('like failures are deflated, a single one is not made larger', () => {
    const failed: Observation = {
      ...PACKED,
      passed: false,
      stage: 'tcp',
      outcome: 'timeout',
      evidence: 'filtered',
      reason: null,
      errno: 'ETIMEDOUT',
      bytesReceived: 0,
      sourceAddress: '198.51.100.9',
      timings: { dnsMs: 1.5 },
      certificate: null,
    };
    const failing = (size: number) =>
      packRound(Array.from({ length: size }, () => failed)).failing?.length ?? 0;
    expect(failing(64) / 64).toBeLessThan(24);
    expect(failing(1)).toBeLessThanOrEqual(JSON.stringify([[0, failed]]).length + 1);
  });
});

describe('bytes that are not a round', () => {
  const { passing: small, failing } = packRound([PACKED, { ...PACKED, at: BASE_AT + 70_000 }]);

  test('cut off anywhere', () => {
    for (let length = 0; length < small.length; length++) {
      expect(() => unpackRound(small.subarray(0, length), failing)).toThrow(UnreadableRound);
    }
  });

  test('cut off in full', () => {
    for (let length = 0; length < (failing?.length ?? 0); length++) {
      expect(() => unpackRound(small, failing?.subarray(0, length) ?? null)).toThrow(UnreadableRound);
    }
  });

  test('one byte too many', () => {
    expect(() => unpackRound(Buffer.concat([small, Buffer.of(0)]), failing)).toThrow(/expected/);
  });

  test('another version says so', () => {
    const other = Uint8Array.from(small);
    other[0] = 3;
    expect(() => unpackRound(other, failing)).toThrow(
      'a round of version 3 cannot be read: this is version 2',
    );
  });

  test('an observation in full out of its place', () => {
    const json = JSON.stringify([[7, PACKED]]);
    expect(() => unpackRound(small, Buffer.concat([Buffer.of(1), Buffer.from(json)]))).toThrow(/place/);
  });

  test('a deflate bomb is given up on', () => {
    const bomb = packRound([{ ...PACKED, address: `fe80::1%${'a'.repeat(5_000_000)}` }]).failing;
    expect(() => unpackRound(small, bomb)).toThrow(UnreadableRound);
  });

  test('whatever is changed in them: one clear error, or observations that a prober could have made', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(passing, { maxLength: 6 }), changes, (given, changed) => {
        const bytes = packRound(given).passing;
        for (const [position, value] of changed) bytes[position % bytes.length] = value;
        expectReadable(() => unpackRound(bytes, null));
      }),
      { numRuns: 1000 },
    );
  });

  test('random bytes: one clear error, or observations that a prober could have made', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (one, other) => {
        expectReadable(() => unpackRound(Buffer.concat([Buffer.of(1 + (one.length % 2)), one]), null));
        expectReadable(() => unpackRound(small, Buffer.concat([Buffer.of(1 + (other.length % 2)), other])));
      }),
      { numRuns: 1000 },
    );
  });
});

function unpackAgain(given: readonly Observation[]): Observation[] {
  const packed = packRound(given);
  return unpackRound(packed.passing, packed.failing);
}

function expectSamePassing(read: Observation | undefined, given: Passing): void {
  if (!read?.passed) throw new Error('a passing observation became a failing one');
  const { at, timings, minRttMs, synRetransmits, certificate, ...exact } = given;
  expect(read).toMatchObject(exact);
  expect(read.synRetransmits === synRetransmits || read.synRetransmits === 7).toBe(true);
  expect(Math.abs(read.at - at)).toBeLessThanOrEqual(0.5);
  expect(certificate?.startsWith(read.certificate ?? 'none') ?? read.certificate === null).toBe(true);
  expect(Object.keys(read.timings).sort()).toEqual(Object.keys(timings).sort());
  for (const name of Object.keys(timings) as (keyof Timings)[])
    expectRounded(read.timings[name] ?? 0, timings[name] ?? 0);
  expect('minRttMs' in read).toBe(minRttMs !== undefined);
  expectRounded(read.minRttMs ?? 0, minRttMs ?? 0);
}

function expectRounded(is: number, was: number): void {
  expect(Math.abs(is - was)).toBeLessThanOrEqual(was * 0.0005 + 3e-8);
}

function expectReadable(unpack: () => Observation[]): void {
  try {
    for (const one of unpack()) {
      if (!one.passed) continue;
      expect(Object.values(one.timings).every((ms) => ms >= 0 && ms <= 65_504)).toBe(true);
      expect(Number.isNaN(new Date(one.at).getTime())).toBe(false);
      expect(one.address).toMatch(/^[0-9a-f:.]+$/);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableRound);
  }
}
