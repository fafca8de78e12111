import middy from '@middy/core';
import * as z from 'zod/mini';
import { readEnvironment } from '../lib/deployment/environment.ts';
import { type DispatchMemory, dispatch } from '../lib/flow/dispatch.ts';
import { tellHomeLost } from '../lib/flow/home-lost.ts';
import { openQueues } from '../lib/queue/queues.ts';
import { openTable } from '../lib/store/table.ts';
import { openTopics } from '../lib/topic/topics.ts';

const environment = readEnvironment();
const { region, regions, deployment } = environment;
const table = openTable({
  name: environment.tableName,
  region: deployment.homeRegion,
  roundDays: environment.roundDays,
});
const queues = openQueues(environment);
const topics = openTopics(region);
const memory: DispatchMemory = { cohorts: null, homeLostAtMs: null, homeLossTold: false };

const scheduled = z.object({ scheduledTime: z.iso.datetime() });

/** Each minute, anywhere within it: orders the next minute's tries of this region. */
export const handler = middy<unknown, void>().handler(async (event) => {
  const { scheduledTime } = scheduled.parse(event);
  const nowMs = Date.now();
  const scheduledMs = Date.parse(scheduledTime);
  const done = await dispatch({ table, queues, region, regions, scheduledMs, nowMs }, memory);
  if (done.tellHomeLostAtMs !== null && environment.regionTopicArn !== null) {
    await tellHomeLost(topics, environment.regionTopicArn, environment, done.tellHomeLostAtMs);
    memory.homeLossTold = true;
  }
  console.info(JSON.stringify({ message: 'dispatched', region, ...done }));
});
