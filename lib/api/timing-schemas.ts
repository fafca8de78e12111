import * as z from 'zod/mini';
import { EVIDENCE, OUTCOMES, STAGES } from '../outcome/outcome.ts';
import { CLOCK_TROUBLES, type ClockCheck } from '../round/clock.ts';
import type { StageStatistics, TimingStatistics } from '../round/statistics.ts';
import { pageOf } from './quiet-schemas.ts';
import { answeredTime as time } from './time.ts';

export const outcome = z.enum(['ok', ...new Set(OUTCOMES.map((row) => row.outcome))]);
export const tcpClock = z.nullable(z.enum(['kernel', 'loop']));
const milliseconds = z.optional(z.number().check(z.nonnegative()));
export const timings = z.object({
  dnsMs: milliseconds,
  tcpMs: milliseconds,
  tlsMs: milliseconds,
  http2Ms: milliseconds,
});

export const clockCheck = z.nullable(
  z.object({
    trouble: z.nullable(z.enum(CLOCK_TROUBLES)),
    kernelMs: z.nullable(z.number()),
    loopMs: z.nullable(z.number()),
  } satisfies Record<Exclude<keyof ClockCheck, 'tcpClock'>, z.ZodMiniType>),
);

const timing = z.object({
  region: z.string(),
  at: time,
  stage: z.enum(STAGES),
  outcome,
  evidence: z.enum(EVIDENCE),
  reason: z.nullable(z.string()),
  timings,
  address: z.nullable(z.string()),
  tcpClock,
  tainted: z.array(z.enum(STAGES)),
  synRetransmits: z.int(),
  minRttMs: z.nullable(z.number()),
  maintenance: z.boolean(),
});

const stageStatistics = z.object({
  count: z.int(),
  medianMs: z.nullable(z.number()),
  p95Ms: z.nullable(z.number()),
  tainted: z.int(),
  synRetransmitted: z.int(),
} satisfies Record<keyof StageStatistics, z.ZodMiniType>);

const timingStatistics = z.object({
  tries: z.int(),
  passed: z.int(),
  tcpClock: z.object({ kernel: z.int(), loop: z.int() }),
  minRttMs: z.nullable(z.number()),
  dns: stageStatistics,
  tcp: stageStatistics,
  tls: stageStatistics,
  http2: stageStatistics,
} satisfies Record<keyof TimingStatistics, z.ZodMiniType>);

const timingSummary = z.object({
  from: time,
  to: time,
  complete: z.boolean(),
  regions: z.array(z.extend(timingStatistics, { region: z.string(), maintenance: z.int() })),
});

/** Of what was measured, by their names in the OpenAPI document. */
export const TIMING_SCHEMAS = {
  Timing: timing,
  TimingPage: pageOf(timing),
  TimingSummary: timingSummary,
} as const;
