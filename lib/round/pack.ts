import { HANDSHAKES, type Handshake, STAGES, WIRE_OK } from '../outcome/outcome.ts';
import { type AddressBook, addressBook, readAddresses, toBytes } from './address-book.ts';
import { Reader, Writer } from './bytes.ts';
import { decodeFull, encodeFull, type Placed } from './full.ts';
import type { Observation, Passing, Timings } from './observation.ts';
import { UnreadableRound } from './unreadable.ts';

export { UnreadableRound } from './unreadable.ts';

/** A round's observations as two byte strings: what passes, small; the rest in full. */
export interface PackedRound {
  readonly passing: Uint8Array;
  /** Null when everything fitted into the other. */
  readonly failing: Uint8Array | null;
}

/** Raised when the form of `passing` changes. The first byte. Version 1 had no shortest round trip. */
const VERSION = 2;

/** Largest `at` offset: 16 bits of ms. */
const MAX_OFFSET_MS = 0xffff;
/** Largest finite IEEE 754 binary16: 65.5 s as ms. */
const MAX_HALF = 65_504;
/** Three bits of the flags. */
const MAX_RETRANSMITS = 7;
const KERNEL_CLOCK = 0b1000_0000;
const TAINT_SHIFT = 3;

/** The timings in the order they are packed. */
const TIMINGS = ['dnsMs', 'tcpMs', 'tlsMs', 'http2Ms'] as const satisfies readonly (keyof Timings)[];

/**
 * Packs a round. `passing`: version (1 byte), base time (6, epoch ms), number of entries (2), address dictionary (2 counts,
 * then 4 bytes each for IPv4, 16 for IPv6), then 23 bytes an entry, big-endian: tag 4, wire number 1, flags 1 (kernel
 * clock, four tainted stages, SYN retransmits), `at` offset 2 in ms, four timings and the shortest round trip 2 each as
 * binary16 (NaN: absent), address index 1, first 4 bytes of the certificate's sha256 (0: none).
 *
 * What is lost of a passing observation: `at` is rounded to whole ms, timings to 11 significant bits (≤ 0.05 %, or 0.00003 µs
 * below 0.06 µs), retransmits to at most 7, the certificate to 8 hex digits. One that does not fit (an `at` 65 s after the
 * first, more than 255 addresses, an address with a zone) goes into `failing` in full, like every failing one.
 *
 * A full cohort of 64 distinct IPv4 addresses is 1,739 bytes: with its keys ≤ 2 KB, two write units. 64 distinct IPv6
 * addresses are 2,507 bytes: three.
 * @throws when an observation that goes in full is not one (a timing that is NaN): it could never be read again.
 */
export function packRound(observations: readonly Observation[]): PackedRound {
  const book = addressBook();
  const base = Math.max(
    0,
    Math.round(Math.min(...observations.filter((one) => one.passed).map((one) => one.at))),
  );
  const baseAt = Number.isFinite(base) ? base : 0;
  const packed: Passing[] = [];
  const full: Placed[] = [];
  observations.forEach((observation, position) => {
    if (observation.passed && fits(observation, baseAt) && book.add(observation.address))
      packed.push(observation);
    else full.push({ position, observation });
  });
  const writer = new Writer();
  writer.uint(VERSION, 1);
  writer.uint(baseAt, 6);
  writer.uint(packed.length, 2);
  book.write(writer);
  for (const observation of packed) writeEntry(writer, observation, baseAt, book);
  return { passing: writer.bytes(), failing: full.length > 0 ? encodeFull(full) : null };
}

/**
 * The observations of a packed round, in the order they were packed in; also of version 1.
 * @throws UnreadableRound when the bytes are not what packRound makes, or of a version to come.
 */
export function unpackRound(passing: Uint8Array, failing: Uint8Array | null): Observation[] {
  const reader = new Reader(passing);
  const version = reader.uint(1);
  if (version < 1 || version > VERSION) {
    throw new UnreadableRound(`a round of version ${version} cannot be read: this is version ${VERSION}`);
  }
  const baseAt = reader.uint(6);
  const entries = reader.uint(2);
  const addresses = readAddresses(reader);
  const packed: Observation[] = [];
  for (let n = 0; n < entries; n++) packed.push(readEntry(reader, version, baseAt, addresses));
  reader.end();
  return merge(packed, failing ? decodeFull(failing) : []);
}

/** Puts the full ones back to their places among the packed ones. */
function merge(packed: readonly Observation[], full: readonly Placed[]): Observation[] {
  const merged = [...packed];
  for (const { position, observation } of full) {
    if (position > merged.length) throw new UnreadableRound(`a place is out of range: ${position}`);
    merged.splice(position, 0, observation);
  }
  return merged;
}

function fits({ at, timings, minRttMs, certificate, address }: Passing, baseAt: number): boolean {
  return (
    at >= 0 &&
    Math.round(at) - baseAt <= MAX_OFFSET_MS &&
    toBytes(address) !== null &&
    (certificate === null || /^[0-9a-f]{8}/.test(certificate)) &&
    [minRttMs, ...TIMINGS.map((name) => timings[name])].every((ms = 0) => ms >= 0 && ms <= MAX_HALF)
  );
}

function writeEntry(writer: Writer, observation: Passing, baseAt: number, book: AddressBook): void {
  const { tag, at, stage, timings, tainted, tcpClock, synRetransmits, address, certificate } = observation;
  const taints = tainted.reduce((bits, one) => bits | (1 << STAGES.indexOf(one)), 0);
  const clock = tcpClock === 'kernel' ? KERNEL_CLOCK : 0;
  writer.uint(tag, 4);
  writer.uint(WIRE_OK[stage], 1);
  writer.uint(clock | (taints << TAINT_SHIFT) | Math.min(synRetransmits, MAX_RETRANSMITS), 1);
  writer.uint(Math.round(at) - baseAt, 2);
  for (const name of TIMINGS) writer.half(timings[name] ?? Number.NaN);
  writer.half(observation.minRttMs ?? Number.NaN);
  writer.uint(book.indexOf(address), 1);
  writer.uint(certificate === null ? 0 : Number.parseInt(certificate.slice(0, 8), 16), 4);
}

function readEntry(reader: Reader, version: number, baseAt: number, addresses: readonly string[]): Passing {
  const tag = reader.uint(4);
  const stage = handshakeOf(reader.uint(1));
  const flags = reader.uint(1);
  const at = baseAt + reader.uint(2);
  const timings = readTimings(reader);
  const minRttMs = version === 1 ? undefined : readMs(reader, 'minRttMs');
  const index = reader.uint(1);
  const address = addresses[index];
  if (address === undefined)
    throw new UnreadableRound(`an address is out of range: ${index} of ${addresses.length}`);
  const certificate = reader.uint(4);
  return {
    passed: true,
    tag,
    at,
    stage,
    address,
    timings,
    tcpClock: (flags & KERNEL_CLOCK) === 0 ? 'loop' : 'kernel',
    tainted: STAGES.filter((_, position) => flags & (1 << (TAINT_SHIFT + position))),
    synRetransmits: flags & MAX_RETRANSMITS,
    ...(minRttMs === undefined ? {} : { minRttMs }),
    certificate: certificate === 0 ? null : certificate.toString(16).padStart(8, '0'),
  };
}

function readTimings(reader: Reader): Passing['timings'] {
  const timings: { -readonly [K in keyof Timings]: Timings[K] } = {};
  for (const name of TIMINGS) {
    const ms = readMs(reader, name);
    if (ms !== undefined) timings[name] = ms;
  }
  const { tcpMs } = timings;
  if (tcpMs === undefined) throw new UnreadableRound('a passing try has no tcp timing');
  return { ...timings, tcpMs };
}

/** undefined: absent. */
function readMs(reader: Reader, name: string): number | undefined {
  const ms = reader.half();
  if (ms < 0 || ms === Number.POSITIVE_INFINITY)
    throw new UnreadableRound(`a timing is not one: ${name} ${ms}`);
  return Number.isNaN(ms) ? undefined : ms;
}

function handshakeOf(wire: number): Handshake {
  const handshake = HANDSHAKES.find((one) => WIRE_OK[one] === wire);
  if (!handshake)
    throw new UnreadableRound(`a passing try has the wire number ${wire}, which this version does not know`);
  return handshake;
}
