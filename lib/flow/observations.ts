import { parseCohort, unknownAfterMs } from '../endpoint/cohort.ts';
import type { Observation } from '../round/observation.ts';
import type { Round } from '../round/round.ts';
import { getRound, roundsSince } from '../store/round.ts';
import type { JudgeContext } from './judge-context.ts';

/** The rounds that a message names. */
export type NamedRounds = readonly { readonly region: string; readonly key: string }[];

/**
 * What every region has seen of a cohort's endpoints, by tag and region: all rounds that still count, and those a message names
 * however old.
 */
export async function observationsOf(
  cohort: string,
  named: NamedRounds,
  context: JudgeContext,
): Promise<ReadonlyMap<number, ReadonlyMap<string, readonly Observation[]>>> {
  const { environment, table, now } = context;
  const { intervalSeconds } = parseCohort(cohort);
  // A round's key is its slot, its tries may begin an interval later.
  const since = Math.floor((now() - unknownAfterMs(intervalSeconds)) / 1000) - intervalSeconds;
  const recent = await Promise.all(
    environment.regions.map((region) => roundsSince(table, cohort, region, since)),
  );
  const older = await Promise.all(
    named
      .filter(({ key }) => Number(key.slice(0, 10)) < since)
      .map(({ region, key }) => getRound(table, cohort, region, key)),
  );
  return byTag([...recent.flat(), ...older.filter((round) => round !== null)]);
}

function byTag(rounds: readonly Round[]): Map<number, Map<string, Observation[]>> {
  const tags = new Map<number, Map<string, Observation[]>>();
  for (const { region, observations } of rounds) {
    for (const observation of observations) {
      const regions = tags.get(observation.tag) ?? new Map<string, Observation[]>();
      regions.set(region, [...(regions.get(region) ?? []), observation]);
      tags.set(observation.tag, regions);
    }
  }
  return tags;
}
