import { latenessSeconds, parseCohort } from '../endpoint/cohort.ts';
import { tagOf } from '../endpoint/tag.ts';
import { type Round, roundKey } from '../round/round.ts';
import { allCohorts } from '../store/cohorts.ts';
import { endpointsOf } from '../store/endpoint.ts';
import { roundsSince } from '../store/round.ts';
import type { Table } from '../store/table.ts';
import type { RoundEvent } from './event.ts';

/** How often the table is looked at, in ms. */
const LOOK_MS = 1000;

/**
 * Tells every round that is written from now on, by reading the table again and again: the functions know nothing of it.
 * A round is found as long as it is written within its lateness of when it was due.
 */
export function watchRounds(
  table: Table,
  regions: readonly string[],
  tell: (event: RoundEvent) => void,
  trouble: (what: string, error: unknown) => void,
): { close(): Promise<void> } {
  const seen = new Map<string, number>();
  const names = new Map<number, string>();
  let closed = false;
  let wake = (): void => {};

  const look = async (first: boolean): Promise<void> => {
    for (const { cohort, places } of await allCohorts(table)) {
      if (places === 0) continue;
      const { intervalSeconds } = parseCohort(cohort);
      const since = Math.floor(Date.now() / 1000) - intervalSeconds - latenessSeconds(intervalSeconds);
      const found = await Promise.all(regions.map((region) => roundsSince(table, cohort, region, since)));
      const fresh = found.flat().filter((round) => {
        const key = `${round.region} ${round.cohort} ${roundKey(round.cause)}`;
        const known = seen.has(key);
        seen.set(key, Date.now());
        return !known && !first;
      });
      if (fresh.some(({ observations }) => observations.some(({ tag }) => !names.has(tag)))) {
        for (const endpoint of await endpointsOf(table, cohort)) names.set(tagOf(endpoint), endpoint.id);
      }
      for (const round of fresh) tell(eventOf(round, names));
    }
    for (const [key, at] of seen) if (at < Date.now() - FORGET_MS) seen.delete(key);
  };

  const run = async (): Promise<void> => {
    for (let first = true; !closed; ) {
      try {
        await look(first);
        first = false;
      } catch (error) {
        if (!closed) trouble('the rounds cannot be read', error);
      }
      if (closed) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = run();
  return {
    async close() {
      closed = true;
      wake();
      await running;
    },
  };
}

/** A key that has not been read for this long is older than any look goes back. */
const FORGET_MS = 60_000;

function eventOf(
  { region, cohort, cause, observations }: Round,
  names: ReadonlyMap<number, string>,
): RoundEvent {
  return {
    event: 'round',
    region,
    cohort,
    slot: cause.kind === 'slot' ? cause.slot : cause.due,
    cause: cause.kind,
    observations: observations.map((observation) => ({
      ...observation,
      endpoint: names.get(observation.tag) ?? null,
    })),
  };
}
