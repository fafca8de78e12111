import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, deploy, type SeenStatus } from './deployment.ts';
import { type Lab, makeLab } from './lab.ts';
import { labMissing } from './privileges.ts';
import { type NetworkScenario, PASSES, REGIONS } from './scenario.ts';
import { PROBER_SCENARIOS } from './scenarios.ts';
import {
  arrangeAll,
  inTime,
  isSettled,
  passesEverywhere,
  registerAll,
  triesOf,
  type Watch,
} from './watches.ts';

const missing = await labMissing();

const CUT = 'us-east-1';

const UNHEALTHY = {
  stage: 'tcp',
  outcome: 'timeout',
  evidence: 'inconclusive',
  reason: 'region_unhealthy',
} as const;

/** Nothing gets out of a region but what it has to say at home: not to its controls, and not to its resolver. */
const CUT_OFF: NetworkScenario = {
  name: 'a region is cut off from everything but home',
  arrange: async ({ world, regions, shops, controls }) => {
    const port = controls[0]?.split(':').at(-1);
    return {
      endpoint: { host: shops.address, port: 443, handshake: 'http2', serverName: 'shop.lab.test' },
      fault: () =>
        world.rules(
          regions[CUT],
          'add table inet cut',
          'add chain inet cut output { type filter hook output priority 0; }',
          `add rule inet cut output ip daddr ${world.gateway} tcp dport != ${port} accept`,
          'add rule inet cut output oif lo accept',
          'add rule inet cut output drop',
        ),
      mend: () => world.rules(regions[CUT], 'delete table inet cut'),
    };
  },
  sees: { [CUT]: UNHEALTHY, others: PASSES },
  verdict: { rule: 'reachable', kind: null },
};

/** A prober's own trouble is never an endpoint's: what its deployment makes of it. */
describe.skipIf(missing)('a region in trouble', () => {
  let lab: Lab;
  let deployment: Deployment;
  let watches: readonly Watch[] = [];

  beforeAll(async () => {
    lab = await makeLab({ farMs: 0 });
    watches = await arrangeAll(lab, [...PROBER_SCENARIOS, CUT_OFF]);
    deployment = await deploy(lab);
    await registerAll(deployment, watches);
  }, 200_000);

  afterAll(async () => {
    await deployment?.close();
    await lab?.close();
  });

  const aboutEndpoints = () => deployment.received.filter(({ alert }) => alert.endpoint !== null);

  /** Puts some faults in place until each has been met as expected, and then once more. */
  async function suffer(faults: readonly Watch[]): Promise<void> {
    let statuses: ReadonlyMap<string, SeenStatus> = new Map();
    for (const watch of faults) await watch.fault();
    const settled = async (): Promise<boolean> => {
      statuses = await deployment.statuses();
      return faults.every((watch) => isSettled(watch, statuses.get(watch.id), deployment));
    };
    await inTime(settled, 90_000);
    const before = deployment.rounds.length;
    // Each region has tried everything again since.
    await inTime(async () => isTriedAgain(before), 60_000);
    await inTime(settled, 30_000);
    for (const { scenario, id } of faults) {
      expect(statuses.get(id)?.verdict, scenario.name).toMatchObject(scenario.verdict);
      for (const region of REGIONS) {
        const report = statuses.get(id)?.regions.find((one) => one.region === region);
        const seen = scenario.sees[region];
        if (seen && !('passed' in seen)) expect(report, scenario.name).toMatchObject(seen);
        else expect(report, scenario.name).toMatchObject({ state: 'passing', outcome: 'ok' });
      }
    }
    expect(aboutEndpoints()).toEqual([]);
  }

  function isTriedAgain(since: number): boolean {
    const tried = triesOf(deployment.rounds.slice(since));
    return REGIONS.every((region) => watches.every(({ id }) => tried.has(`${region} ${id}`)));
  }

  async function mendAll(faults: readonly Watch[]): Promise<void> {
    for (const watch of faults) await watch.mend();
    await inTime(async () => {
      const statuses = await deployment.statuses();
      const last = deployment.rounds.slice(-3 * REGIONS.length);
      const passes = last.every(({ observations }) => observations.every(({ passed }) => passed));
      return passes && watches.every(({ id }) => passesEverywhere(statuses.get(id)));
    }, 60_000);
    expect(aboutEndpoints()).toEqual([]);
  }

  it('whose resolver is silent, or whose IPv6 is broken, opens no incident', async () => {
    const faults = watches.filter(({ scenario }) => scenario !== CUT_OFF);
    await suffer(faults);
    await mendAll(faults);
  }, 300_000);

  it('that is cut off from everything but home opens no incident, is shown as unhealthy and told once', async () => {
    expect(deployment.received).toEqual([]);
    const faults = watches.filter(({ scenario }) => scenario === CUT_OFF);
    await suffer(faults);
    const trigger = await deployment.alert(({ event }) => event === 'trigger');
    expect(trigger.alert).toMatchObject({ kind: 'region_unhealthy', endpoint: null, region: CUT });
    const region = (await deployment.regions()).find((one) => one.region === CUT);
    expect(region?.controls).toMatchObject({ healthy: false, passed: 0 });
    await mendAll(faults);
    const resolve = await deployment.alert(({ event }) => event === 'resolve');
    expect(resolve.alert.dedupKey).toBe(trigger.alert.dedupKey);
    expect(deployment.received.map(({ alert }) => [alert.event, alert.region])).toEqual([
      ['trigger', CUT],
      ['resolve', CUT],
    ]);
  }, 300_000);
});
