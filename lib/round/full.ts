import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod/mini';
import { EVIDENCE, HANDSHAKES, OUTCOMES, type OutcomeOf, STAGES, type Stage } from '../outcome/outcome.ts';
import type { FailedDns, FailedHttp2, FailedTcp, FailedTls, Observation, Passing } from './observation.ts';
import { UnreadableRound } from './unreadable.ts';

/** An observation and its place in the round. */
export interface Placed {
  readonly position: number;
  readonly observation: Observation;
}

/** The first byte. */
const FORM = { json: 1, deflatedJson: 2 } as const;

/** An item holds 400 KB, so honest JSON is never larger than this; anything larger is a bomb. */
const MAX_BYTES = 4 * 1024 * 1024;

type Fields<T> = Record<keyof T, z.ZodMiniType>;

function outcomesOf<S extends Stage>(stage: S) {
  const rows = OUTCOMES.filter((row) => row.stage === stage);
  return z.enum(rows.map((row) => row.outcome as OutcomeOf<S>));
}

const ms = z.number().check(z.nonnegative());
const optionalMs = z.optional(ms);
const text = z.nullable(z.string());
const count = z.int().check(z.nonnegative());
const timings = { dnsMs: optionalMs, tlsMs: optionalMs, http2Ms: optionalMs };

const tried = { tag: count, at: z.number() };
const atAddress = {
  ...tried,
  address: z.string(),
  tcpClock: z.enum(['kernel', 'loop']),
  synRetransmits: count,
  minRttMs: optionalMs,
  tainted: z.array(z.enum(STAGES)),
  certificate: text,
};
const failure = {
  passed: z.literal(false),
  evidence: z.enum(EVIDENCE),
  reason: text,
  errno: text,
  bytesReceived: count,
  sourceAddress: text,
};
const tls = z.object({ version: text, cipher: text, alpn: text });

const observation: z.ZodMiniType<Observation> = z.discriminatedUnion('passed', [
  z.object({
    ...atAddress,
    passed: z.literal(true),
    stage: z.enum(HANDSHAKES),
    timings: z.object({ ...timings, tcpMs: ms }),
  } satisfies Fields<Passing>),
  z.discriminatedUnion('stage', [
    z.object({
      ...tried,
      ...failure,
      stage: z.literal('dns'),
      outcome: outcomesOf('dns'),
      timings: z.record(z.string(), z.never()),
    } satisfies Fields<FailedDns>),
    z.object({
      ...atAddress,
      ...failure,
      stage: z.literal('tcp'),
      outcome: outcomesOf('tcp'),
      timings: z.object({ dnsMs: optionalMs }),
    } satisfies Fields<FailedTcp>),
    z.object({
      ...atAddress,
      ...failure,
      stage: z.literal('tls'),
      outcome: outcomesOf('tls'),
      timings: z.object({ ...timings, tcpMs: ms }),
      tls,
    } satisfies Fields<FailedTls>),
    z.object({
      ...atAddress,
      ...failure,
      stage: z.literal('http2'),
      outcome: outcomesOf('http2'),
      timings: z.object({ ...timings, tcpMs: ms }),
      tls,
    } satisfies Fields<FailedHttp2>),
  ]),
]);

const placed = z.array(z.tuple([count, observation]));

/**
 * JSON of `[position, observation]` pairs, deflated when that is smaller; the first byte says which.
 * @throws when an observation is not of its type: written, it could never be read again.
 */
export function encodeFull(full: readonly Placed[]): Uint8Array {
  for (const one of full) {
    const parsed = observation.safeParse(one.observation);
    if (parsed.success) continue;
    const [issue] = parsed.error.issues;
    throw new Error(
      `an observation cannot be packed: field ${issue?.path.map(String).join('.')}: ${issue?.message}`,
      {
        cause: { observation: one.observation, error: parsed.error },
      },
    );
  }
  const json = Buffer.from(JSON.stringify(full.map((one) => [one.position, one.observation])));
  const deflated = deflateRawSync(json);
  return deflated.length < json.length
    ? Buffer.concat([Buffer.of(FORM.deflatedJson), deflated])
    : Buffer.concat([Buffer.of(FORM.json), json]);
}

/** @throws UnreadableRound when the bytes are not of this form. */
export function decodeFull(bytes: Uint8Array): readonly Placed[] {
  const parsed = placed.safeParse(parseJson(bytes));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UnreadableRound(
      `a round's observations in full cannot be read: field ${issue?.path.map(String).join('.') || '(whole)'}: ${issue?.message}`,
      { cause: parsed.error },
    );
  }
  return parsed.data.map(([position, observation]) => ({ position, observation }));
}

function parseJson(bytes: Uint8Array): unknown {
  const [form] = bytes;
  const rest = bytes.subarray(1);
  if (form !== FORM.json && form !== FORM.deflatedJson) {
    throw new UnreadableRound(`a round's observations in full are of the unknown form ${form}`);
  }
  try {
    const json = form === FORM.json ? rest : inflateRawSync(rest, { maxOutputLength: MAX_BYTES });
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (cause) {
    throw new UnreadableRound("a round's observations in full are damaged", { cause });
  }
}
