import type { Observation } from '../../lib/round/observation.ts';
import { follow } from '../../lib/verdict/region-fold.ts';
import { judgeRegions } from '../../lib/verdict/rules.ts';
import type { Verdict } from '../../lib/verdict/verdict.ts';
import { REGIONS, type RegionName } from './scenario.ts';

const FIRST = 1_800_000_000_000;
const FAULT = FIRST + 60_000;
/** Two tries confirm each other. */
const AGAIN = FAULT + 6000;
const NOW = AGAIN + 20_000;
const intervalSeconds = 60;

/** What was seen before and during a fault, by region. */
export type Seeing = (region: RegionName) => {
  readonly before: Observation;
  readonly during: Observation;
};

/** What all regions together mean, if the fault lasts for another try and the confirmation sees no more than that. */
export function verdictOf(seeing: Seeing): Verdict {
  const states = Object.fromEntries(
    REGIONS.flatMap((region) => {
      const { before, during } = seeing(region);
      const tries = [
        { ...before, at: FIRST },
        { ...during, at: FAULT },
        { ...during, at: AGAIN },
      ];
      const state = follow(undefined, tries, { intervalSeconds });
      return state ? [[region, state]] : [];
    }),
  );
  return judgeRegions({
    regions: REGIONS,
    states,
    suspicion: { startedAt: FAULT, askedAt: FAULT },
    freshSince: FAULT - 1,
    now: NOW,
    intervalSeconds,
    provenAt: FIRST,
    watchedSince: FIRST,
    silentSince: null,
    incident: null,
  }).verdict;
}
