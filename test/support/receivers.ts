import { expect } from 'vitest';
import * as z from 'zod/mini';
import type { AlertFormat } from '../../lib/deployment/configuration.ts';

/** Custom notifications of Amazon Q Developer in chat applications, event schema 1.0: no other field is known there. */
export const chatSchema = z.strictObject({
  version: z.literal('1.0'),
  source: z.literal('custom'),
  id: z.optional(z.string()),
  content: z.strictObject({
    textType: z.optional(z.literal('client-markdown')),
    title: z.optional(z.string()),
    description: z.string().check(z.minLength(1)),
    nextSteps: z.optional(z.array(z.string())),
    keywords: z.optional(z.array(z.string())),
  }),
  metadata: z.strictObject({
    threadId: z.optional(z.string()),
    summary: z.optional(z.string()),
    eventType: z.optional(z.string()),
    relatedResources: z.optional(z.array(z.string())),
    // Names and values as a custom action's variables may have them (CustomActionAttachment).
    additionalContext: z.record(
      z.string().check(z.regex(/^[\w-]{1,100}$/)),
      z.string().check(z.regex(/^[\x21-\x7f]{1,1024}$/)),
    ),
  }),
});

const state = z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']);
const time = z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/));
const arns = z.array(z.string());

/** What CloudWatch publishes when an alarm on one metric changes its state; receivers pass over what they do not know. */
export const alarmSchema = z.looseObject({
  AlarmName: z.string().check(z.minLength(1), z.maxLength(255)),
  AlarmDescription: z.string(),
  AWSAccountId: z.string(),
  AlarmConfigurationUpdatedTimestamp: time,
  NewStateValue: state,
  NewStateReason: z.string().check(z.minLength(1), z.maxLength(1023)),
  StateChangeTime: time,
  Region: z.string(),
  AlarmArn: z.string().check(z.regex(/^arn:aws[\w-]*:cloudwatch:/)),
  OldStateValue: state,
  OKActions: arns,
  AlarmActions: arns,
  InsufficientDataActions: arns,
  Trigger: z.looseObject({
    MetricName: z.string(),
    Namespace: z.string(),
    StatisticType: z.literal('Statistic'),
    Statistic: z.enum(['SAMPLE_COUNT', 'AVERAGE', 'SUM', 'MINIMUM', 'MAXIMUM']),
    Unit: z.nullable(z.string()),
    Dimensions: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    Period: z.int().check(z.positive()),
    EvaluationPeriods: z.int().check(z.positive()),
    ComparisonOperator: z.enum([
      'GreaterThanOrEqualToThreshold',
      'GreaterThanThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
    ]),
    Threshold: z.number(),
    TreatMissingData: z.string(),
    EvaluateLowSampleCountPercentile: z.string(),
  }),
});

/** What of ASCII is not one septet of GSM 7-bit. */
const NOT_ONE_SEPTET = /[^\x20-\x7e]|[`^{}[\]~|\\]/;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** The body is what the receivers of its format take, and nothing in it is read as markup that is not ours. */
export function expectReceivable(format: AlertFormat, body: string): void {
  switch (format) {
    case 'json':
    case 'email':
      return;
    case 'sms':
      expect(body.length).toBeLessThanOrEqual(140);
      expect(body).not.toMatch(NOT_ONE_SEPTET);
      expect(body).toMatch(/^(P[123]( update:| reminder:| ACK( by .{1,20})?:)?|RESOLVED|CLOSED|TEST) \S/);
      return;
    case 'pager':
      expect(alarmSchema.safeParse(JSON.parse(body)).error).toBeUndefined();
      return;
    case 'chat':
      expectChat(chatSchema.parse(JSON.parse(body)));
  }
}

function expectChat({ content, metadata }: z.infer<typeof chatSchema>): void {
  const { title = '', description, nextSteps = [], keywords = [] } = content;
  expect([...title].length).toBeLessThanOrEqual(250);
  expect([...description].length).toBeLessThanOrEqual(2500);
  for (const step of nextSteps) expect(step.length).toBeLessThanOrEqual(3000);
  const fences = description.match(/^```$/gm) ?? [];
  expect([0, 2]).toContain(fences.length);
  const texts = [title, ...description.split('\n'), ...keywords, metadata.summary ?? ''];
  for (const text of texts.filter((one) => one !== '```')) {
    expect(text).not.toMatch(UNPRINTABLE);
    expect(text).not.toMatch(/[<>`*]|\]\(|(?<!\w)@\w|^\s*([#>+-]|\d+[.)]\s)/);
  }
  for (const step of nextSteps) expect(step).not.toMatch(/[<>]/);
}
