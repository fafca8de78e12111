import type { Usage } from './line.ts';
import { cohortsOf, type Plan } from './plan.ts';
import { homeUsage } from './usage-home.ts';
import { regionUsage } from './usage-region.ts';

/** All that is paid for in a month: what was counted of a round, a minute and an incident, as often as they happen. */
export function usageOf(plan: Plan): readonly Usage[] {
  const cohorts = cohortsOf(plan);
  const usages = [
    ...homeUsage(plan, cohorts),
    ...plan.regions.flatMap((region) => regionUsage(region, plan, cohorts)),
  ];
  return usages.filter(({ quantity }) => quantity > 0);
}
