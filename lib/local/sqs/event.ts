import type { Message } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';

/** The event of an SQS mapping, see "Using Lambda with Amazon SQS" in the Lambda developer guide. */
export function sqsEvent(
  messages: readonly Message[],
  queue: { readonly arn: string; readonly region: string },
): SQSEvent {
  return {
    Records: messages.map((message) => {
      const { Attributes = {} } = message;
      return {
        messageId: message.MessageId ?? '',
        receiptHandle: message.ReceiptHandle ?? '',
        body: message.Body ?? '',
        attributes: {
          ...Attributes,
          ApproximateReceiveCount: Attributes.ApproximateReceiveCount ?? '1',
          SentTimestamp: Attributes.SentTimestamp ?? '0',
          SenderId: Attributes.SenderId ?? '',
          ApproximateFirstReceiveTimestamp: Attributes.ApproximateFirstReceiveTimestamp ?? '0',
        },
        messageAttributes: Object.fromEntries(
          Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [
            name,
            {
              dataType: attribute.DataType ?? 'String',
              ...(attribute.StringValue === undefined ? {} : { stringValue: attribute.StringValue }),
              ...(attribute.BinaryValue === undefined
                ? {}
                : { binaryValue: Buffer.from(attribute.BinaryValue).toString('base64') }),
              stringListValues: [],
              binaryListValues: [],
            },
          ]),
        ),
        md5OfBody: message.MD5OfBody ?? '',
        eventSource: 'aws:sqs',
        eventSourceARN: queue.arn,
        awsRegion: queue.region,
      };
    }),
  };
}

const batchResponse = z.nullish(
  z.object({ batchItemFailures: z.nullish(z.array(z.object({ itemIdentifier: z.string() }))) }),
);

/**
 * The ids of the messages that the function says it failed at. As on AWS, an answer that is not of the documented shape,
 * or names a message that was not in the batch, fails the whole batch.
 */
export function failedOf(answer: string, messages: readonly Message[]): ReadonlySet<string> {
  const all = new Set(messages.map(({ MessageId = '' }) => MessageId));
  const parsed = batchResponse.safeParse(JSON.parse(answer));
  if (!parsed.success) return all;
  const failed = (parsed.data?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((id) => all.has(id)) ? new Set(failed) : all;
}
