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
/** Another one: a region's alerts are minutes apart. */
const FRAYED = 'eu-west-1';

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

/** Two of three SYNs to the controls are lost on the way out, and what the endpoint is sent altogether. */
const LOSSY: NetworkScenario = {
  name: 'a region loses two of three SYNs',
  arrange: async ({ world, regions, shops, controls }) => {
    const port = controls[0]?.split(':').at(-1);
    const twoOfThree = `tcp dport ${port} tcp flags syn numgen inc mod 3 < 2 drop`;
    return {
      endpoint: { host: shops.address, port: 443, handshake: 'http2', serverName: 'shop.lab.test' },
      fault: () =>
        world.rules(
          regions[FRAYED],
          'add table inet lossy',
          'add chain inet lossy output { type filter hook output priority 0; }',
          // A rule of its own counts for itself: each control loses two of three.
          `add rule inet lossy output ip daddr ${world.gateway} ${twoOfThree}`,
          `add rule inet lossy output ip daddr != ${world.gateway} ${twoOfThree}`,
          `add rule inet lossy output meta nfproto ipv6 ${twoOfThree}`,
          `add rule inet lossy output ip daddr ${shops.address} tcp dport 443 drop`,
        ),
      mend: () => world.rules(regions[FRAYED], 'delete table inet lossy'),
    };
  },
  sees: { [FRAYED]: UNHEALTHY, others: PASSES },
  verdict: { rule: 'reachable', kind: null },
};

/** A prober's own trouble is never an endpoint's: what its deployment makes of it. */
describe.skipIf(missing)('a region in trouble', () => {
  let lab: Lab;
  let deployment: Deployment;
  let watches: readonly Watch[] = [];

  beforeAll(async () => {
    lab = await makeLab({ farMs: 0 });
    watches = await arrangeAll(lab, [...PROBER_SCENARIOS, CUT_OFF, LOSSY]);
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
    const faults = watches.filter(({ scenario }) => scenario !== CUT_OFF && scenario !== LOSSY);
    await suffer(faults);
    await mendAll(faults);
  }, 300_000);

  it.each([
    {
      scenario: CUT_OFF,
      sick: CUT,
      controls: { healthy: false, passed: 0 },
      says: 'cannot reach its control endpoints',
    },
    {
      scenario: LOSSY,
      sick: FRAYED,
      controls: { healthy: false },
      // On a busy machine a control may get no more than two tries.
      says: 'control endpoints',
    },
  ])(
    'opens no incident, is shown as unhealthy and told once: $scenario.name',
    async (expected) => {
      const before = deployment.received.length;
      const faults = watches.filter(({ scenario }) => scenario === expected.scenario);
      await suffer(faults);
      const trigger = await deployment.alert(
        ({ event, region }) => event === 'trigger' && region === expected.sick,
      );
      expect(trigger.alert).toMatchObject({
        kind: 'region_unhealthy',
        endpoint: null,
        region: expected.sick,
      });
      expect(trigger.alert.summary).toContain(expected.says);
      const region = (await deployment.regions()).find((one) => one.region === expected.sick);
      expect(region?.controls).toMatchObject(expected.controls);
      await mendAll(faults);
      const { dedupKey } = trigger.alert;
      await deployment.alert((alert) => alert.event === 'resolve' && alert.dedupKey === dedupKey);
      expect(deployment.received.slice(before).map(({ alert }) => [alert.event, alert.region])).toEqual([
        ['trigger', expected.sick],
        ['resolve', expected.sick],
      ]);
    },
    300_000,
  );
});
