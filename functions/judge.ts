import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ALERT_FORMATS } from '../lib/deployment/configuration.ts';
import { readEnvironment } from '../lib/deployment/environment.ts';
import type { JudgeContext } from '../lib/flow/judge-context.ts';
import { judgeGroup } from '../lib/flow/judge-group.ts';
import { JudgeMemory } from '../lib/flow/judge-memory.ts';
import { groupOf, type JudgeMessage } from '../lib/queue/message.ts';
import { openQueues, parseJudgeMessage } from '../lib/queue/queues.ts';
import { openTable } from '../lib/store/table.ts';
import { openTopics } from '../lib/topic/topics.ts';

const environment = readEnvironment();
const { deployment } = environment;
const context: JudgeContext = {
  environment,
  formats: ALERT_FORMATS.filter((format) => environment.topicArns[format] !== undefined),
  table: openTable({
    name: environment.tableName,
    region: deployment.homeRegion,
    roundDays: environment.roundDays,
  }),
  queues: openQueues(environment),
  topics: openTopics(deployment.homeRegion),
  now: Date.now,
  untoldNoted: new Map(),
  memory: new JudgeMemory(),
};

interface Received {
  readonly messageId: string;
  readonly message: JudgeMessage;
}

/** A group's messages of one batch are judged together; if that fails all of them are delivered again, in order. */
export const handler = middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }) => {
  const failures: SQSBatchResponse['batchItemFailures'] = [];
  const groups = new Map<string, Received[]>();
  for (const { messageId, body } of Records) {
    try {
      const message = parseJudgeMessage(body);
      const group = groupOf(message);
      groups.set(group, [...(groups.get(group) ?? []), { messageId, message }]);
    } catch (error) {
      failures.push({ itemIdentifier: messageId });
      console.error(JSON.stringify({ message: 'message unreadable', messageId, error: String(error) }));
    }
  }
  for (const [group, received] of groups) {
    try {
      const judged = await judgeGroup(
        received.map(({ message }) => message),
        context,
      );
      console.info(JSON.stringify({ message: 'judged', group, ...judged }));
    } catch (error) {
      failures.push(...received.map(({ messageId }) => ({ itemIdentifier: messageId })));
      console.error(JSON.stringify({ message: 'group failed', group, error: String(error) }));
    }
  }
  return { batchItemFailures: failures };
});
