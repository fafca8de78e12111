import { randomUUID } from 'node:crypto';
import { type Endpoint, isWatched, regionsOf } from '../endpoint/endpoint.ts';
import { tagOf } from '../endpoint/tag.ts';
import { type ConfirmOrder, MESSAGE_VERSION } from '../queue/message.ts';
import type { JudgeSend, ProbeSend } from '../queue/queues.ts';
import { endpointsById } from '../store/endpoint.ts';
import { openStates } from '../store/state.ts';
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

/** Has the judge look at the watching itself, or at what many incidents have in common. */
export async function nudgeOf(
  api: Api,
  what: { readonly kind: 'watch' } | { readonly kind: 'group'; readonly cause: string },
): Promise<void> {
  const message = { v: MESSAGE_VERSION, ...what } as const;
  await orLeaveToTheSweep(
    'judge not nudged',
    api.queues.sendJudge([{ message, deduplicationId: randomUUID() }]),
  );
}

/**
 * Has the judge look at what is open of the endpoints that a change of what keeps them quiet is about: only of those may there be
 * something to tell, or to keep.
 */
export async function nudgeAbout(api: Api, isConcerned: (endpoint: Endpoint) => boolean): Promise<void> {
  const open = await openStates(api.table);
  const ids = open.map(({ endpointId }) => endpointId);
  const endpoints = [...(await endpointsById(api.table, ids)).values()];
  await nudge(
    api,
    endpoints.filter(isConcerned).map(({ cohort }) => cohort),
  );
}

/** dispatch plans a minute ahead and may fire late in its minute: for so long the schedule does not know of a new endpoint. */
const BRIDGE_SECONDS = 120;

/** When a region tries a new endpoint before the schedule does: at once, then one an interval, epoch seconds. */
export function bridge(second: number, intervalSeconds: number, position: number, regions: number): number[] {
  const apart = Math.floor((position * intervalSeconds) / regions);
  const count = Math.ceil(BRIDGE_SECONDS / intervalSeconds);
  return Array.from({ length: count }, (_, n) => (n === 0 ? second : second + n * intervalSeconds + apart));
}

/**
 * Asks every region of an endpoint for a try at once, so that its status is there within seconds, and for one an interval until
 * the schedule has taken over. After the first, regions knock apart as they do on schedule.
 */
export async function askForTries(api: Api, endpoint: Endpoint): Promise<void> {
  if (!isWatched(endpoint)) return;
  const { id, cohort, intervalSeconds } = endpoint;
  const nowMs = api.now();
  const second = Math.floor(nowMs / 1000);
  const suspicion = `api-${randomUUID()}`;
  const tries = [{ id, tag: tagOf(endpoint), address: null }];
  const regions = regionsOf(endpoint, api.environment.regions);
  await Promise.all(
    regions.map((region, position) => {
      const sends = bridge(second, intervalSeconds, position, regions.length).map((due): ProbeSend => {
        const message: ConfirmOrder = { v: MESSAGE_VERSION, kind: 'confirm', cohort, due, suspicion, tries };
        return { message, dueMs: due * 1000 };
      });
      return orLeaveToTheSweep(`${region} not asked`, api.queues.sendProbe(region, sends, nowMs));
    }),
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
