import middy from '@middy/core';
import * as z from 'zod/mini';
import { readEnvironment } from '../lib/deployment/environment.ts';
import { beat } from '../lib/flow/heartbeat.ts';
import { sweep } from '../lib/flow/watchdog.ts';
import { openQueues } from '../lib/queue/queues.ts';
import { openTable } from '../lib/store/table.ts';

const environment = readEnvironment();
const table = openTable({
  name: environment.tableName,
  region: environment.deployment.homeRegion,
  roundDays: environment.roundDays,
});
const queues = openQueues(environment);

const scheduled = z.object({ scheduledTime: z.iso.datetime() });

/** Each minute: has a fifth of the cohorts judged whatever has happened, and says outside that all is in order. */
export const handler = middy<unknown, void>().handler(async (event) => {
  const { scheduledTime } = scheduled.parse(event);
  const swept = await sweep(table, queues, Date.parse(scheduledTime), Date.now());
  const beaten = await beat(table, environment.heartbeatUrl, Date.now());
  console.info(JSON.stringify({ message: 'swept', cohorts: swept, heartbeat: beaten }));
});
