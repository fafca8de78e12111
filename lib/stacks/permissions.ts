import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Arns } from './resources.ts';

/** A function is named as its file in `functions/`. */
export type FunctionName = 'dispatch' | 'probe' | 'judge' | 'watchdog' | 'api';

/** What the event source mapping of a queue does in the function's name. */
const RECEIVE = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/**
 * Everything each function may do, action by action. BatchGetItem is an action of its own; SendMessageBatch is authorised
 * as sqs:SendMessage. Nobody may scan, only the judge tells alerts, and only the API drills.
 *
 * @param region - of the function.
 */
export function permissionsOf(name: FunctionName, arns: Arns, region: string): readonly PolicyStatement[] {
  switch (name) {
    case 'dispatch':
      return [
        allow(['dynamodb:Query'], [arns.table]),
        allow(['sqs:SendMessage'], [arns.probeQueue(region)]),
        allow(['sns:Publish'], [arns.regionTopic(region)]),
      ];
    case 'probe':
      return [
        allow(
          ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
          [arns.table],
        ),
        allow(['dynamodb:Query'], [arns.table, arns.index]),
        allow([...RECEIVE, 'sqs:SendMessage'], [arns.probeQueue(region)]),
        allow(['sqs:SendMessage'], [arns.judgeQueue]),
      ];
    case 'judge':
      return [
        allow(
          [
            'dynamodb:GetItem',
            'dynamodb:BatchGetItem',
            'dynamodb:PutItem',
            'dynamodb:UpdateItem',
            'dynamodb:DeleteItem',
          ],
          [arns.table],
        ),
        allow(['dynamodb:Query'], [arns.table, arns.index]),
        allow(RECEIVE, [arns.judgeQueue]),
        allow(['sqs:SendMessage'], arns.probeQueues),
        allow(['sns:Publish'], Object.values(arns.topics)),
      ];
    case 'watchdog':
      return [
        allow(['dynamodb:Query', 'dynamodb:GetItem'], [arns.table]),
        allow(['sqs:SendMessage'], [arns.judgeQueue]),
        allow(['sqs:GetQueueAttributes'], arns.deadLetterQueues),
      ];
    case 'api':
      return [
        allow(
          [
            'dynamodb:GetItem',
            'dynamodb:BatchGetItem',
            'dynamodb:PutItem',
            'dynamodb:UpdateItem',
            'dynamodb:DeleteItem',
          ],
          [arns.table],
        ),
        allow(['dynamodb:Query'], [arns.table, arns.index]),
        allow(['sqs:SendMessage'], [arns.judgeQueue, ...arns.probeQueues]),
        // For drills.
        allow(['sns:Publish', 'sns:GetTopicAttributes'], Object.values(arns.topics)),
      ];
  }
}

function allow(actions: readonly string[], resources: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources] });
}
