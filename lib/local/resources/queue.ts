import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { arn, generatedName, type Kind, type Place, read } from './kind.ts';

const value = z.union([z.string(), z.number(), z.boolean()]);
const schema = z.object({
  QueueName: z.optional(z.string()),
  VisibilityTimeout: z.optional(value),
  MessageRetentionPeriod: z.optional(value),
  DelaySeconds: z.optional(value),
  ReceiveMessageWaitTimeSeconds: z.optional(value),
  FifoQueue: z.optional(value),
  ContentBasedDeduplication: z.optional(value),
  DeduplicationScope: z.optional(value),
  FifoThroughputLimit: z.optional(value),
  RedrivePolicy: z.optional(
    z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.union([z.string(), z.number()]) }),
  ),
});

/** The URL AWS gives a queue: its host names the region, which is how the emulator tells queues of one name apart. */
const urlOf = (place: Place, name: string): string =>
  `https://sqs.${place.stack.region}.amazonaws.com/${place.stack.account}/${name}`;

const nameOf = (given: { QueueName?: string | undefined; FifoQueue?: unknown }, place: Place): string =>
  given.QueueName ?? `${generatedName(place)}${given.FifoQueue === true ? '.fifo' : ''}`;

/** SQS queues. Encryption is left out. */
export const queue: Kind = {
  types: ['AWS::SQS::Queue'],
  identify(properties, place) {
    const name = nameOf(read(z.pick(schema, { QueueName: true, FifoQueue: true }), properties, place), place);
    const url = urlOf(place, name);
    return { ref: url, attributes: { Arn: arn('sqs', place, name), QueueName: name, QueueUrl: url } };
  },
  async make(properties, place, world) {
    const { RedrivePolicy, ...given } = read(schema, properties, place);
    const name = nameOf(given, place);
    const { QueueName: _, ...settings } = given;
    const attributes = Object.fromEntries(
      Object.entries(settings).flatMap(([key, item]) => (item === undefined ? [] : [[key, String(item)]])),
    );
    // A standard queue must not carry the attribute at all, whatever it says.
    if (attributes.FifoQueue === 'false') delete attributes.FifoQueue;
    await world.sqs(place.stack.region).send(
      new CreateQueueCommand({
        QueueName: name,
        Attributes: {
          ...attributes,
          ...(RedrivePolicy ? { RedrivePolicy: JSON.stringify(RedrivePolicy) } : {}),
        },
      }),
    );
    const queueArn = arn('sqs', place, name);
    world.queues.set(queueArn, {
      arn: queueArn,
      name,
      url: urlOf(place, name),
      region: place.stack.region,
    });
  },
};
