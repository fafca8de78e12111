import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Observation } from '../../lib/round/observation.ts';
import { type Lab, makeLab } from './lab.ts';
import { type Climbs, climbs } from './lab-climbs.ts';
import { labMissing } from './privileges.ts';
import { type Arranged, type NetworkScenario, REGIONS, type RegionName, seenFrom } from './scenario.ts';
import { PROBER_SCENARIOS, SCENARIOS } from './scenarios.ts';

const missing = await labMissing();

/** What every region saw of some scenarios: before the fault, with it in place, and after it. */
interface Run {
  readonly before: Climbs;
  readonly during: Climbs;
  readonly after: Climbs;
}

async function runAll(lab: Lab, arranged: readonly Arranged[]): Promise<Run> {
  const endpoints = arranged.map(({ endpoint }) => endpoint);
  const beside = arranged.flatMap(({ beside: one }) => one ?? []);
  const all = [...endpoints, ...beside];
  const before = await climbs(lab, all);
  for (const { fault } of arranged) await fault();
  const during = await climbs(lab, all);
  for (const { mend } of arranged) await mend();
  return { before, during, after: await climbs(lab, all) };
}

/** Those that did not pass, in words. */
const failures = (observations: readonly Observation[], scenarios: readonly NetworkScenario[]): string[] =>
  observations.flatMap((one, index) =>
    one.passed ? [] : `${scenarios[index]?.name ?? 'beside'}: ${one.stage} ${one.outcome} ${one.errno}`,
  );

describe.skipIf(missing)('faults of networks, servers and names, seen from every region at once', () => {
  let lab: Lab;
  let run: Run;
  let ofProbers: Run;

  beforeAll(async () => {
    lab = await makeLab();
    const arrange = async (scenarios: readonly NetworkScenario[]): Promise<Arranged[]> => {
      const arranged = [];
      for (const scenario of scenarios) arranged.push(await scenario.arrange(lab));
      return arranged;
    };
    run = await runAll(lab, await arrange(SCENARIOS));
    ofProbers = await runAll(lab, await arrange(PROBER_SCENARIOS));
  });
  afterAll(async () => {
    await lab?.close();
  });

  const seeing = (scenarios: readonly NetworkScenario[], runOf: () => Run): void => {
    const rows = scenarios.flatMap((scenario, index) =>
      REGIONS.map((region) => ({ name: scenario.name, region, index, scenario })),
    );
    it.each(rows)('$name: from $region', ({ region, index, scenario }) => {
      expect(runOf().during[region][index]).toMatchObject({ passed: false, ...seenFrom(scenario, region) });
    });
    it.each(REGIONS)('before and after it, all of them pass from %s', (region: RegionName) => {
      const { before, after } = runOf();
      expect(failures(before[region], scenarios)).toEqual([]);
      expect(failures(after[region], scenarios)).toEqual([]);
    });
  };

  describe('between the regions and an endpoint', () => {
    seeing(SCENARIOS, () => run);

    it.each(REGIONS)('another name at the same address passes all the time from %s', (region) => {
      const beside = run.during[region].slice(SCENARIOS.length);
      expect(beside.length).toBeGreaterThan(0);
      expect(failures(beside, [])).toEqual([]);
    });
  });

  describe('at the prober itself', () => {
    seeing(PROBER_SCENARIOS, () => ofProbers);
  });
});
