import { SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import type { World } from './resources/kind.ts';

/** What SNS puts around a message, for SQS and HTTP subscribers alike ("Parsing Amazon SNS message formats"). */
const envelopeSchema = z.looseObject({
  Type: z.literal('Notification'),
  MessageId: z.string(),
  TopicArn: z.string(),
  Subject: z.nullish(z.string()),
  Message: z.string(),
  Timestamp: z.string(),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** A name no stack uses. */
const inboxName = (topicName: string): string => `inbox-${topicName}`;

/** Subscribes to every topic of the stack; each message is handed over once, in the order of its topic. */
export async function openInbox(
  world: Pick<World, 'sqs' | 'sns' | 'topics' | 'trouble'>,
  take: (topicName: string, envelope: Envelope) => void,
): Promise<{ close(): Promise<void> }> {
  const closing = new AbortController();
  const readers: Promise<void>[] = [];
  for (const [topicArn, topicName] of world.topics) {
    const [, , , region = '', account = ''] = topicArn.split(':');
    const sqs = world.sqs(region);
    const name = inboxName(topicName);
    await sqs.send(new CreateQueueCommand({ QueueName: name }));
    await world.sns(region).send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: `arn:aws:sqs:${region}:${account}:${name}`,
      }),
    );
    const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    readers.push(read(sqs, url, closing.signal, world.trouble, (body) => take(topicName, body)));
  }
  return {
    async close() {
      closing.abort();
      await Promise.all(readers);
    },
  };
}

async function read(
  sqs: SQSClient,
  QueueUrl: string,
  closing: AbortSignal,
  trouble: World['trouble'],
  take: (envelope: Envelope) => void,
): Promise<void> {
  while (!closing.aborted) {
    try {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }),
        { abortSignal: closing },
      );
      for (const { Body = '', ReceiptHandle } of Messages) {
        take(envelopeSchema.parse(JSON.parse(Body)));
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    } catch (error) {
      if (closing.aborted) return;
      trouble('the inbox of alerts cannot be read', error);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}
