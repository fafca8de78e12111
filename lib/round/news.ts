import { addressOf, isConclusive, type Observation } from './observation.ts';

/**
 * The first retries begin this long after the try that made the news. Two tries 5 s apart confirm a region's state; the third is
 * the one that still fails after the other regions, asked meanwhile, have passed. 50 ms more, because packing rounds times.
 */
const FIRST_RETRIES_MS = [5_050, 10_050, 15_050] as const;
/** … and then one every so often. */
const RETRY_EVERY_MS = 10_000;
/** Two tries of a chain never begin closer than this: closer ones confirm nothing. One that is late by less shifts nothing. */
const APART_MS = 4_000;
/** A chain goes on this long after its incident may be told, so that a try is judged after that moment. */
const BEYOND_MS = 10_000;
/** A chain lasts at least this long: the judge waits 12 s for the other regions and needs a nudge after that. */
const AT_LEAST_MS = 30_000;
/** … and at most this long; an endpoint that is told later gets one more try then. */
const AT_MOST_MS = 90_000;
/** That one more try falls due this long after the incident may be told. */
const LAST_RETRY_AFTER_MS = 1_000;

/** One endpoint to try again; times in epoch ms. */
export interface Again {
  readonly tag: number;
  /** The address of the try that made the news; null when the name did not resolve. */
  readonly address: string | null;
  /** When the try that made the news began. */
  readonly newsAt: number;
  /** No regular retry begins after this. */
  readonly untilMs: number;
  /** True when the news was a failure. */
  readonly failed: boolean;
}

/** One message to itself: all that is to be tried again, at once. */
export interface Retry {
  readonly dueMs: number;
  readonly tries: readonly Again[];
}

/** `alertAfterSeconds` of an endpoint by its tag; undefined: it is gone, and nothing is tried again. */
export type AlertAfter = (tag: number) => number | undefined;

/**
 * Whether a try differs from what the judge knows of this region: it fails and is not in `attention`, or it passes and is.
 * An inconclusive try is never news.
 */
export function isNews(observation: Observation, attention: ReadonlySet<number>): boolean {
  return isConclusive(observation) && observation.passed === attention.has(observation.tag);
}

/**
 * The tries of a round that are news. Where the address known to fail does so again, another that passes is no recovery: a dead
 * address costs nothing more than its tries.
 */
export function newsOf(
  observations: readonly Observation[],
  attention: ReadonlySet<number>,
): readonly Observation[] {
  const stillFails = failingTags(observations);
  return observations.filter((one) => isNews(one, attention) && !(one.passed && stillFails.has(one.tag)));
}

/** The tags known to fail of which more than one address was tried in a round, and every one failed. */
export function failingAtAll(
  observations: readonly Observation[],
  attention: ReadonlySet<number>,
): ReadonlySet<number> {
  const failing = [...failingTags(observations)].filter((tag) => {
    const tries = observations.filter((one) => one.tag === tag && isConclusive(one));
    return attention.has(tag) && tries.length > 1 && tries.every(({ passed }) => !passed);
  });
  return new Set(failing);
}

function failingTags(observations: readonly Observation[]): ReadonlySet<number> {
  return new Set(observations.filter((one) => !one.passed && isConclusive(one)).map(({ tag }) => tag));
}

/**
 * The retry that a slot or a confirmation begins; null when there is nothing to try again. Of several tries of one endpoint
 * the newest conclusive one counts: a region fails only if every address it tried fails.
 *
 * @param news those of `observations` that are news
 */
export function firstRetry(
  observations: readonly Observation[],
  news: readonly Observation[],
  alertAfterSeconds: AlertAfter,
): Retry | null {
  const chains = [...newestByTag(observations).values()].flatMap((observation) =>
    isConclusive(observation) && news.includes(observation)
      ? chainFrom(observation, firstFailing(observations, observation), alertAfterSeconds)
      : [],
  );
  return retryOf(chains);
}

/** Where every address tried fails, the first is the one that was asked for, and the one to compare with other regions. */
function firstFailing(observations: readonly Observation[], newest: Observation): string | null {
  if (newest.passed) return addressOf(newest);
  const [first = newest] = observations
    .filter((one) => one.tag === newest.tag && isConclusive(one))
    .sort((one, other) => one.at - other.at);
  return addressOf(first);
}

/**
 * The retry that follows one: 5, 10, 15 s after the news and then every 10 s until the chain's end, or until a conclusive try says that the news was false. Where
 * the contrary is news in its turn, or a relapse, or comes so late that the judge may have taken the first news for confirmed, it begins a
 * chain of its own.
 */
export function nextRetry(
  causes: readonly Again[],
  observations: readonly Observation[],
  news: readonly Observation[],
  alertAfterSeconds: AlertAfter,
): Retry | null {
  const seen = newestByTag(observations);
  const chains = causes.flatMap((cause) => {
    const observation = seen.get(cause.tag);
    if (!observation) return [];
    if (!isConclusive(observation) || observation.passed !== cause.failed) {
      return followed(cause, observation.at, alertAfterSeconds);
    }
    const late = observation.at - cause.newsAt >= FIRST_RETRIES_MS[1];
    // A relapse is no news to the judge, which has known the region to fail, and yet it may be one lost try.
    const relapse = !cause.failed;
    return late || relapse || news.includes(observation)
      ? chainFrom(observation, addressOf(observation), alertAfterSeconds)
      : [];
  });
  return retryOf(chains);
}

interface Due {
  readonly again: Again;
  readonly dueMs: number;
  /** False for the one more try of an endpoint that is told late. */
  readonly regular: boolean;
}

function chainFrom(observation: Observation, address: string | null, alertAfterSeconds: AlertAfter): Due[] {
  const { tag, at, passed } = observation;
  const seconds = alertAfterSeconds(tag);
  if (seconds === undefined) return [];
  // Recovery is confirmed by the next try or two, whatever the endpoint's alertAfterSeconds.
  const wantedMs = passed ? AT_LEAST_MS : Math.max(seconds * 1000 + BEYOND_MS, AT_LEAST_MS);
  const again: Again = {
    tag,
    address,
    newsAt: at,
    untilMs: at + Math.min(wantedMs, AT_MOST_MS),
    failed: !passed,
  };
  return [{ again, dueMs: at + nextStep(0), regular: true }];
}

function followed(again: Again, at: number, alertAfterSeconds: AlertAfter): Due[] {
  const { newsAt, untilMs, failed, tag } = again;
  const seconds = alertAfterSeconds(tag);
  if (seconds === undefined) return [];
  const dueMs = newsAt + nextStep(at + APART_MS - newsAt);
  if (dueMs <= untilMs) return [{ again, dueMs, regular: true }];
  const lastMs = newsAt + seconds * 1000 + LAST_RETRY_AFTER_MS;
  return failed && lastMs > at ? [{ again, dueMs: lastMs, regular: false }] : [];
}

/** The first of a chain's steps that lies at least this long after the news, in ms after it. */
function nextStep(afterMs: number): number {
  const first = FIRST_RETRIES_MS.find((step) => step >= afterMs);
  if (first !== undefined) return first;
  const last = FIRST_RETRIES_MS[FIRST_RETRIES_MS.length - 1] ?? 0;
  return last + Math.ceil((afterMs - last) / RETRY_EVERY_MS) * RETRY_EVERY_MS;
}

/** One message at a time a chain: late ones ride along with regular ones, so that no two rounds of a chain share a key. */
function retryOf(dues: readonly Due[]): Retry | null {
  if (dues.length === 0) return null;
  const regular = dues.filter((due) => due.regular).map(({ dueMs }) => dueMs);
  const dueMs = regular.length > 0 ? Math.max(...regular) : Math.min(...dues.map((due) => due.dueMs));
  return { dueMs, tries: dues.map(({ again }) => again) };
}

/** The newest conclusive observation of each tag; the newest of all where none is conclusive. */
export function newestByTag(observations: readonly Observation[]): ReadonlyMap<number, Observation> {
  const newest = new Map<number, Observation>();
  for (const observation of observations) {
    const other = newest.get(observation.tag);
    if (!other || outranks(observation, other)) newest.set(observation.tag, observation);
  }
  return newest;
}

function outranks(one: Observation, other: Observation): boolean {
  if (isConclusive(one) !== isConclusive(other)) return isConclusive(one);
  return one.at > other.at;
}
