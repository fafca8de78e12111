import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, deploy, type ReceivedAlert, type SeenStatus } from './deployment.ts';
import { type Lab, makeLab } from './lab.ts';
import { labMissing } from './privileges.ts';
import { type NetworkScenario, REGIONS, type Seen } from './scenario.ts';
import { NAME_SCENARIOS } from './scenarios/names.ts';
import { SCENARIOS } from './scenarios.ts';
import {
  alertsOf,
  arrangeAll,
  inTime,
  isSettled,
  passesEverywhere,
  registerAll,
  reportOf,
  sayingOf,
  toldOf,
  type Watch,
} from './watches.ts';

const missing = await labMissing();

/** Of those that every region sees alike one: nobody in the deployment could tell them apart. network.test.ts tries them all. */
const DISTINCT = [
  ...new Map(
    [...SCENARIOS].reverse().map((scenario) => [JSON.stringify([scenario.sees, scenario.verdict]), scenario]),
  ).values(),
];

/**
 * All faults at once in one lab, watched by one deployment: what the regions together mean, and what is told of each, and that
 * nothing is told of what stands beside them.
 */
describe.skipIf(missing)('faults between regions and endpoints', () => {
  let lab: Lab;
  let deployment: Deployment;
  let watches: readonly Watch[] = [];
  let statuses: ReadonlyMap<string, SeenStatus> = new Map();

  const isOfOne = ({ unknownRegions }: ReceivedAlert['alert']): boolean =>
    unknownRegions.length === REGIONS.length - 1;
  const idOf = (scenario: NetworkScenario): string =>
    watches.find((watch) => watch.scenario === scenario)?.id ?? 'not arranged';

  beforeAll(async () => {
    lab = await makeLab({ farMs: 60 });
    watches = await arrangeAll(lab, DISTINCT);
    deployment = await deploy(lab);
    await registerAll(deployment, watches);
    for (const watch of watches) await watch.fault();
    await inTime(async () => {
      statuses = await deployment.statuses();
      return watches.every((watch) => isSettled(watch, statuses.get(watch.id), deployment));
    }, 120_000);
  }, 300_000);

  afterAll(async () => {
    await deployment?.close();
    await lab?.close();
  });

  it.each(DISTINCT)('$name: $verdict.rule', (scenario) => {
    const id = idOf(scenario);
    const { rule, kind } = scenario.verdict;
    const status = statuses.get(id);
    expect(status?.verdict).toMatchObject({ rule, kind });
    for (const region of REGIONS) {
      const report = status?.regions.find((one) => one.region === region);
      expect(report, region).toMatchObject(reportOf(scenario, region));
    }
    const alerts = alertsOf(deployment, id);
    expect(alerts.map(({ event }) => event).filter((event) => event !== 'update')).toEqual(
      kind === null ? [] : ['trigger'],
    );
    for (const alert of alerts) {
      // A region that was slow to answer is not waited for: it is then `unknown`, or one may be the only one that reports.
      const words = isOfOne(alert) ? { rule: 'failing_where_seen' } : { rule, kind };
      expect(alert).toMatchObject(words);
      for (const region of REGIONS) {
        expect([sayingOf(scenario, region), 'unknown'], region).toContain(toldOf(alert, region));
      }
    }
  });

  it('nearly all are told as what they are at once', () => {
    const triggers = deployment.received.filter(({ alert }) => alert.event === 'trigger');
    expect(triggers.filter(({ alert }) => isOfOne(alert)).length).toBeLessThan(triggers.length / 5);
  });

  describe('once they are mended', () => {
    beforeAll(async () => {
      for (const watch of watches) await watch.mend();
      await inTime(async () => {
        statuses = await deployment.statuses();
        return watches.every(
          ({ id, scenario }) =>
            !isSoonOver(scenario) ||
            (passesEverywhere(statuses.get(id)) &&
              (scenario.verdict.kind === null || alertsOf(deployment, id).at(-1)?.event === 'resolve')),
        );
      }, 120_000);
    }, 200_000);

    it.each(DISTINCT.filter(isSoonOver))('$name: resolved', (scenario) => {
      const id = idOf(scenario);
      const alerts = alertsOf(deployment, id);
      const told = scenario.verdict.kind !== null;
      const events = alerts.map(({ event }) => event).filter((event) => event !== 'update');
      expect(events).toEqual(told ? ['trigger', 'resolve'] : []);
      expect(new Set(alerts.map(({ dedupKey }) => dedupKey)).size).toBe(told ? 1 : 0);
      expect(statuses.get(id)?.verdict).toMatchObject({ rule: 'reachable', kind: null });
    });

    it('nothing was told of what passed all the time, nor of a region', () => {
      const about = new Set(deployment.received.map(({ alert }) => alert.endpoint?.id ?? alert.region));
      const wrong = watches.filter(({ scenario }) => scenario.verdict.kind !== null).map(({ id }) => id);
      expect([...about].sort()).toEqual(wrong.sort());
    });
  });
});

/**
 * One dead address of a name is over when it has been out of the answer for two minutes, since another that passes proves nothing
 * of it. test/flow/partial.test.ts waits for that on a clock of its own.
 */
function isSoonOver({ name, sees }: NetworkScenario): boolean {
  return NAME_SCENARIOS.every((one) => one.name !== name) || Object.values(sees).every(isUnresolved);
}

const isUnresolved = (seen: Seen): boolean => 'passed' in seen || seen.stage === 'dns';
