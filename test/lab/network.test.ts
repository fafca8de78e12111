import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Observation } from '../../lib/round/observation.ts';
import { type Lab, makeLab } from './lab.ts';
import { type Climbs, climbs } from './lab-climbs.ts';
import { labMissing } from './privileges.ts';
import {
  type Arranged,
  type NetworkScenario,
  REGIONS,
  type RegionName,
  seenFrom,
  type Watched,
} from './scenario.ts';
import { PROBER_SCENARIOS, SCENARIOS } from './scenarios.ts';
import { verdictOf } from './verdict.ts';

const missing = await labMissing();

async function arrange(lab: Lab, scenarios: readonly NetworkScenario[]): Promise<Arranged[]> {
  const arranged = [];
  for (const scenario of scenarios) arranged.push(await scenario.arrange(lab));
  return arranged;
}

/** All that is tried; what stands beside a scenario comes last. */
const watchedOf = (arranged: readonly Arranged[]): readonly Watched[] => [
  ...arranged.map(({ endpoint }) => endpoint),
  ...arranged.flatMap(({ beside }) => beside ?? []),
];

/** All faults at once. */
async function underFault(lab: Lab, arranged: readonly Arranged[]): Promise<Climbs> {
  for (const { fault } of arranged) await fault();
  const during = await climbs(lab, watchedOf(arranged));
  for (const { mend } of arranged) await mend();
  return during;
}

/** One test a scenario and region, and one for what the regions together mean. */
function expectAll(scenarios: readonly NetworkScenario[], during: () => Climbs, before: () => Climbs): void {
  for (const [index, scenario] of scenarios.entries()) {
    for (const region of REGIONS) {
      it(`${scenario.name}: from ${region}`, () => {
        const seen = { passed: false, ...seenFrom(scenario, region) };
        expect(during()[region][index]).toMatchObject(seen);
      });
    }
    it(`${scenario.name}: ${scenario.verdict.rule}`, () => {
      const first = ALL.indexOf(scenario);
      const at = (climbed: Climbs, region: RegionName, place: number): Observation => {
        const observation = climbed[region][place];
        if (!observation) throw new Error(`${region} has not tried "${scenario.name}"`);
        return observation;
      };
      const verdict = verdictOf((region) => ({
        before: at(before(), region, first),
        during: at(during(), region, index),
      }));
      expect(verdict).toMatchObject(scenario.verdict);
    });
  }
}

const ALL = [...SCENARIOS, ...PROBER_SCENARIOS];

describe.skipIf(missing)('faults, seen from every region at once', () => {
  let lab: Lab;
  /** Climbs to everything while nothing is wrong. */
  const healthy: Climbs[] = [];
  const first = (): Climbs => {
    const [climbed] = healthy;
    if (!climbed) throw new Error('nothing has been tried');
    return climbed;
  };
  let ofNetworks: Climbs;
  let ofProbers: Climbs;

  beforeAll(async () => {
    lab = await makeLab();
    const all = await arrange(lab, ALL);
    healthy.push(await climbs(lab, watchedOf(all)));
    ofNetworks = await underFault(lab, all.slice(0, SCENARIOS.length));
    healthy.push(await climbs(lab, watchedOf(all)));
    ofProbers = await underFault(lab, all.slice(SCENARIOS.length));
    healthy.push(await climbs(lab, watchedOf(all)));
  });
  afterAll(async () => {
    await lab?.close();
  });

  it.each(REGIONS)('all of them pass before and after every fault from %s', (region) => {
    const failures = healthy.map((climbed) =>
      climbed[region].flatMap((one, index) =>
        one.passed ? [] : `${ALL[index]?.name ?? 'beside'}: ${one.stage} ${one.outcome} ${one.errno}`,
      ),
    );
    expect(failures).toEqual([[], [], []]);
  });

  describe('between the regions and an endpoint', () => {
    expectAll(SCENARIOS, () => ofNetworks, first);

    it.each(REGIONS)('another name at the same address passes all the time from %s', (region) => {
      const beside = ofNetworks[region].slice(SCENARIOS.length);
      expect(beside.length).toBeGreaterThan(0);
      expect(beside.filter(({ passed }) => !passed)).toEqual([]);
    });
  });

  describe('at the prober itself', () => {
    expectAll(PROBER_SCENARIOS, () => ofProbers, first);
  });
});
