import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** A topic that is only spoken to over TLS. No key of one's own: alarms and most subscribers could not use it. */
export function secureTopic(scope: Construct, id: string, topicName: string): Topic {
  return new Topic(scope, id, { topicName, enforceSSL: true });
}
