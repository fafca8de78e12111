import type { Stack } from 'aws-cdk-lib';
import type { Configuration } from '../deployment/configuration.ts';
import { names } from '../deployment/names.ts';

/**
 * ARNs of everything a function may touch, made from names alone: a stack can be synthesized, tested and deployed without
 * the other, and the same text stands in a role whether the thing is in this region or not.
 */
export function arnsOf(stack: Stack, { name, homeRegion, regions, formats }: Configuration) {
  const arn = (service: string, region: string, resource: string) =>
    `arn:${stack.partition}:${service}:${region}:${stack.account}:${resource}`;
  const table = arn('dynamodb', homeRegion, `table/${names.table(name)}`);
  return {
    table,
    index: `${table}/index/${names.index}`,
    judgeQueue: arn('sqs', homeRegion, names.judgeQueue(name)),
    probeQueue: (region: string) => arn('sqs', region, names.probeQueue(name)),
    probeQueues: regions.map((region) => arn('sqs', region, names.probeQueue(name))),
    deadLetterQueues: [
      arn('sqs', homeRegion, names.judgeDeadLetters(name)),
      ...regions.map((region) => arn('sqs', region, names.probeDeadLetters(name))),
    ],
    topics: Object.fromEntries(
      formats.map((format) => [format, arn('sns', homeRegion, names.topic(name, format))]),
    ),
    regionTopic: (region: string) => arn('sns', region, names.regionTopic(name)),
  } as const;
}

export type Arns = ReturnType<typeof arnsOf>;
