import * as z from 'zod/mini';
import { checkTarget, registeredInput, targetInput } from '../endpoint/check.ts';
import { RULES } from '../verdict/verdict.ts';
import { certificate, region } from './report-schemas.ts';
import { answeredTime as time } from './time.ts';

/** What has become of the question to one region. */
export const CHECK_ANSWERS = ['pending', 'answered', 'no_answer'] as const;

/** Of checks, by their names in the OpenAPI document. */
export const CHECK_SCHEMAS = {
  CheckInput: z.union([targetInput, registeredInput]),
  Check: z.object({
    id: z.string(),
    at: time,
    complete: z.boolean(),
    endpoint: z.nullable(z.string()),
    target: checkTarget,
    rule: z.nullable(z.enum(RULES)),
    regions: z.array(z.extend(region, { answer: z.enum(CHECK_ANSWERS) })),
    certificates: z.array(certificate),
    checklist: z.array(z.string()),
  }),
} as const;
