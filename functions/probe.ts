import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { readEnvironment } from '../lib/deployment/environment.ts';
import { CohortCache } from '../lib/flow/cohort-cache.ts';
import { probe } from '../lib/flow/probe.ts';
import type { ProbeContext } from '../lib/flow/probe-context.ts';
import { checkClock } from '../lib/probe/clock-check.ts';
import { learnSourceAddress, sourceAddress } from '../lib/probe/source-address.ts';
import { openQueues, parseProbeMessage } from '../lib/queue/queues.ts';
import { openTable } from '../lib/store/table.ts';

const environment = readEnvironment();
const { deployment, region, resolver, allowPrivateAddresses, ipv6, controls } = environment;
const context: ProbeContext = {
  environment,
  table: openTable({
    name: environment.tableName,
    region: deployment.homeRegion,
    roundDays: environment.roundDays,
  }),
  queues: openQueues(environment),
  prober: { resolver, allowPrivateAddresses, ipv6, controls, sourceAddress },
  cache: new CohortCache(),
  storedCertificates: new Set(),
  clock: await checkClock(),
  noted: null,
  now: Date.now,
};

/** One message of the region's queue at a time; one that fails is delivered again, and what it did is not done twice. */
export const handler = middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }) => {
  const failures: SQSBatchResponse['batchItemFailures'] = [];
  await learnSourceAddress(environment.sourceAddressUrl);
  for (const { messageId, body, attributes } of Records) {
    try {
      const message = parseProbeMessage(body);
      const counts = await probe(message, Number(attributes.ApproximateReceiveCount), context);
      console.info(JSON.stringify({ message: 'probed', region, kind: message.kind, ...counts }));
    } catch (error) {
      failures.push({ itemIdentifier: messageId });
      console.error(JSON.stringify({ message: 'message failed', region, messageId, error: String(error) }));
    }
  }
  return { batchItemFailures: failures };
});
