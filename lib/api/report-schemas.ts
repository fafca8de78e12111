import * as z from 'zod/mini';
import { EVIDENCE, STAGES } from '../outcome/outcome.ts';
import type { CertificateFacts } from '../round/certificate.ts';
import { REGION_STATES } from '../verdict/region-state.ts';
import { answeredTime as time } from './time.ts';
import { outcome, tcpClock, timings } from './timing-schemas.ts';

const nullableText = z.nullable(z.string());

/** What a region says: in status, incidents and checks. */
export const region = z.object({
  region: z.string(),
  state: z.enum(REGION_STATES),
  since: z.nullable(time),
  at: z.nullable(time),
  conclusiveAt: z.nullable(time),
  evidence: z.nullable(z.enum(EVIDENCE)),
  stage: z.nullable(z.enum(STAGES)),
  outcome: z.nullable(outcome),
  reason: nullableText,
  errno: nullableText,
  address: nullableText,
  sourceAddress: nullableText,
  bytesReceived: z.nullable(z.int()),
  tls: z.nullable(z.object({ version: nullableText, cipher: nullableText, alpn: nullableText })),
  certificate: nullableText,
  elsewhere: z.nullable(
    z.object({
      address: z.string(),
      at: time,
      evidence: z.enum(EVIDENCE),
      stage: z.nullable(z.enum(STAGES)),
      outcome,
    }),
  ),
  tries: z.int(),
  tcpClock,
  tainted: z.array(z.enum(STAGES)),
  synRetransmits: z.int(),
  timings,
});

/** What is in a certificate that regions saw. */
export const certificate = z.object({
  sha256: z.string(),
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  chain: z.int(),
} satisfies Record<keyof CertificateFacts, z.ZodMiniType>);
