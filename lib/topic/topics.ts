import { GetTopicAttributesCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';

/** One message, as every subscriber of a topic gets it. */
export interface Publication {
  /** ASCII without control characters, 100 characters at most. */
  readonly subject: string;
  /** Plain text, the same for every protocol. 256 KiB at most, attributes counted. */
  readonly body: string;
  /** For filter policies; SNS refuses empty values. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Topics {
  /** @throws whatever SNS answers: the caller has not told anybody then. */
  publish(topicArn: string, publication: Publication): Promise<void>;
  /** How many have subscribed, and how many of them have not said yet that they want to. @throws whatever SNS answers. */
  subscriptions(topicArn: string): Promise<{ readonly confirmed: number; readonly pending: number }>;
}

/** Opens SNS in the region whose topics are to be published to. Nothing is sent. */
export function openTopics(region: string): Topics {
  const client = new SNSClient({
    region,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });
  return {
    async publish(topicArn, { subject, body, attributes }) {
      const values = Object.entries(attributes).map(
        ([name, value]) => [name, { DataType: 'String', StringValue: value }] as const,
      );
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: subject,
          Message: body,
          MessageAttributes: Object.fromEntries(values),
        }),
      );
    },
    async subscriptions(topicArn) {
      const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
      const { SubscriptionsConfirmed, SubscriptionsPending } = Attributes;
      return { confirmed: Number(SubscriptionsConfirmed ?? 0), pending: Number(SubscriptionsPending ?? 0) };
    },
  };
}
