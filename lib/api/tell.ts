import { randomUUID } from 'node:crypto';
import { type Endpoint, isWatched, regionsOf } from '../endpoint/endpoint.ts';
import { tagOf } from '../endpoint/tag.ts';
import { type ConfirmOrder, MESSAGE_VERSION } from '../queue/message.ts';
import type { JudgeSend } from '../queue/queues.ts';
import type { Api } from './api.ts';

/** Has the judge look at cohorts now. Every call is delivered: it carries an id of its own. */
export async function nudge(api: Api, cohorts: Iterable<string>): Promise<void> {
  const sends = [...new Set(cohorts)].map(
    (cohort): JudgeSend => ({
      message: { v: MESSAGE_VERSION, kind: 'news', cohort, rounds: [] },
      deduplicationId: randomUUID(),
    }),
  );
  await orLeaveToTheSweep('judge not nudged', api.queues.sendJudge(sends));
}

/** Asks every region of an endpoint for a try at once, so that its status is there within seconds. */
export async function askForTries(api: Api, endpoint: Endpoint): Promise<void> {
  if (!isWatched(endpoint)) return;
  const nowMs = api.now();
  const message: ConfirmOrder = {
    v: MESSAGE_VERSION,
    kind: 'confirm',
    cohort: endpoint.cohort,
    due: Math.floor(nowMs / 1000),
    suspicion: `api-${randomUUID()}`,
    tries: [{ id: endpoint.id, tag: tagOf(endpoint), address: null }],
  };
  const regions = regionsOf(endpoint, api.environment.regions);
  await Promise.all(
    regions.map((region) =>
      orLeaveToTheSweep(`${region} not asked`, api.queues.sendProbe(region, [{ message }], nowMs)),
    ),
  );
}

/**
 * What is to be said has been stored before, and schedule and sweep act on it within minutes: a queue that cannot be
 * reached delays it and must not make a finished change look failed.
 */
async function orLeaveToTheSweep(message: string, sending: Promise<void>): Promise<void> {
  try {
    await sending;
  } catch (error) {
    console.warn(JSON.stringify({ message, error: String(error) }));
  }
}
