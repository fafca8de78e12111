import { unknownAfterMs } from '../endpoint/cohort.ts';
import { type Failing, isConclusive, type Observation, type Passing } from '../round/observation.ts';
import { beside, failedElsewhere, isOfAnother, passedElsewhere, withFailed } from './addresses.ts';
import { factsOf } from './newest.ts';
import type { RegionState, RegionStateName } from './region-state.ts';

/** Two tries that say the same confirm it when they began at least this far apart. */
export const CONFIRMED_APART_MS = 5_000;

/** Two failing tries confirmed the run and one has followed a passing one: the count that is known for sure. */
const TRIES_AFTER_RELAPSE = 3;

/**
 * What a region says once these observations of one endpoint are taken in. They may come in any order and more than once;
 * those that did not begin after the newest one taken in of their sort are history. Silence is not part of it: see stateAt.
 *
 * @param previous undefined: the region has not said anything yet
 * @param observations of this endpoint (its tag, since it is watched as it is) from this region
 */
export function follow(
  previous: RegionState | undefined,
  observations: readonly Observation[],
  { intervalSeconds }: { readonly intervalSeconds: number },
): RegionState | undefined {
  let region = previous;
  for (const observation of [...observations].sort((one, other) => one.at - other.at)) {
    region =
      region && isHistory(region, observation)
        ? beside(region, observation)
        : step(region, observation, intervalSeconds);
  }
  return region;
}

/** An inconclusive try that came first must not hide a conclusive one from just before it: of each sort the newest counts. */
function isHistory(region: RegionState, observation: Observation): boolean {
  const newest = isConclusive(observation) ? region.conclusiveAt : region.newestAt;
  return newest !== null && observation.at <= newest;
}

/** The state of a region at a time: what it last said, or `unknown` when it has said nothing conclusive for too long. */
export function stateAt(
  region: RegionState | undefined,
  nowMs: number,
  intervalSeconds: number,
): RegionStateName {
  if (!region || region.conclusiveAt === null) return 'unknown';
  return nowMs - region.conclusiveAt > unknownAfterMs(intervalSeconds) ? 'unknown' : region.state;
}

/** The region as if it had never said anything: silent since its last try, and nothing up to that is taken in again. */
export function forgotten(region: RegionState): RegionState {
  const { newestAt, newest, conclusiveAt } = region;
  return { ...nothingYet(newestAt), newest, conclusiveAt };
}

/**
 * The region once its endpoint has been seen listening for the first time, elsewhere or here: what failed until then was not
 * an outage, so a failing run has to be confirmed anew, beginning with its newest try.
 */
export function afterProof(region: RegionState, provenAt: number): RegionState {
  if (region.failingSince === null || region.failing === null || region.failingSince > provenAt)
    return region;
  if (region.state === 'recovering')
    return { ...region, state: 'passing', failingSince: null, failing: null, elsewhere: null };
  const { at } = region.failing;
  return { ...region, state: 'suspect', since: at, failingSince: at, tries: 1 };
}

function step(
  region: RegionState | undefined,
  observation: Observation,
  intervalSeconds: number,
): RegionState {
  const before = region ?? nothingYet(observation.at);
  const newer = !region || observation.at > region.newestAt;
  const seen = newer ? { newestAt: observation.at, newest: factsOf(observation) } : {};
  if (!isConclusive(observation)) return { ...before, ...seen };
  const taken = { ...before, ...seen, conclusiveAt: observation.at };
  return observation.passed
    ? passed(taken, observation, intervalSeconds)
    : failed(taken, observation, before, intervalSeconds);
}

function passed(region: RegionState, observation: Passing, intervalSeconds: number): RegionState {
  const { at } = observation;
  const seen = passedElsewhere(region, observation);
  // Once the address that failed has passed, any other one confirms it: DNS may not give that one here.
  if (region.state === 'failing' && isOfAnother(region, observation, intervalSeconds)) return seen;
  const healthy = { ...seen, failingSince: null, failing: null, elsewhere: null };
  switch (region.state) {
    case 'unknown':
    case 'suspect':
      return { ...healthy, state: 'passing', since: at, tries: 1 };
    case 'passing':
      return { ...healthy, tries: region.tries + 1 };
    case 'failing':
      return { ...seen, state: 'recovering', since: at, tries: 1 };
    case 'recovering':
      return at - region.since >= CONFIRMED_APART_MS
        ? { ...healthy, state: 'passing', tries: region.tries + 1 }
        : { ...seen, tries: region.tries + 1 };
  }
}

function failed(
  taken: RegionState,
  observation: Failing,
  before: RegionState,
  intervalSeconds: number,
): RegionState {
  const { at } = observation;
  const region = withFailed(taken, observation);
  const failing = factsOf(observation);
  const begun = { since: at, tries: 1, failingSince: at, failing, elsewhere: null };
  const suspect = { ...region, ...begun, state: 'suspect' } as const;
  const since = region.failingSince ?? at;
  switch (region.state) {
    case 'unknown':
    case 'passing':
      return suspect;
    case 'suspect': {
      if (before.conclusiveAt !== null && at - before.conclusiveAt > unknownAfterMs(intervalSeconds)) {
        return suspect;
      }
      const confirmed = at - since >= CONFIRMED_APART_MS;
      return { ...region, state: confirmed ? 'failing' : 'suspect', failing, tries: region.tries + 1 };
    }
    case 'failing': {
      const tries = region.tries + 1;
      return isOfAnother(region, observation, intervalSeconds)
        ? { ...failedElsewhere(taken, observation), tries }
        : { ...region, failing, tries };
    }
    case 'recovering':
      return { ...region, state: 'failing', since, failing, tries: TRIES_AFTER_RELAPSE };
  }
}

function nothingYet(at: number): RegionState {
  return {
    state: 'unknown',
    since: at,
    newestAt: at,
    conclusiveAt: null,
    tries: 0,
    failingSince: null,
    failing: null,
    elsewhere: null,
    passedAt: {},
    failedAt: {},
    newest: null,
  };
}
