import type { Deployment, ReceivedAlert, SeenStatus } from './deployment.ts';
import type { Lab } from './lab.ts';
import { type Arranged, type NetworkScenario, REGIONS, type RegionName, seenFrom } from './scenario.ts';
import { until } from './shell.ts';

/** A scenario in a lab, watched by a deployment. */
export interface Watch extends Arranged {
  /** Of its endpoint; what stands beside that has `-beside` after it. */
  readonly id: string;
  readonly scenario: NetworkScenario;
}

/** Looking at everything costs what the deployment needs to work. */
const LOOK_EVERY_MS = 3000;

export async function arrangeAll(lab: Lab, scenarios: readonly NetworkScenario[]): Promise<readonly Watch[]> {
  const watches: Watch[] = [];
  for (const [number, scenario] of scenarios.entries()) {
    watches.push({ id: `fault-${number}`, scenario, ...(await scenario.arrange(lab)) });
  }
  return watches;
}

/**
 * Has them watched, each 10 s, and told at once. Ends when every region passes each of them and has done what it was asked to when
 * they were registered: a try that begins late would meet the fault.
 */
export async function registerAll(deployment: Deployment, watches: readonly Watch[]): Promise<void> {
  const endpoints = watches.flatMap(({ id, endpoint, beside }) => [
    { id, endpoint },
    ...(beside ? [{ id: `${id}-beside`, endpoint: beside }] : []),
  ]);
  const timing = { intervalSeconds: 10, alertAfterSeconds: 0 };
  // A team of its own each: what fails together would be told as one.
  for (const { id, endpoint } of endpoints) await deployment.put(id, { ...endpoint, ...timing, team: id });
  let left: readonly string[] = [];
  await inTime(async () => {
    const statuses = await deployment.statuses();
    const asked = triesOf(deployment.rounds.filter(({ cause }) => cause === 'confirm'));
    left = endpoints
      .map(({ id }) => id)
      .filter(
        (id) =>
          !passesEverywhere(statuses.get(id)) || REGIONS.some((region) => !asked.has(`${region} ${id}`)),
      );
    return left.length === 0;
  }, 120_000);
  if (left.length > 0) throw new Error(`before any fault not every region passes ${left.join(', ')}`);
}

/** `REGION ID` of every try in some rounds. */
export function triesOf(rounds: Deployment['rounds']): ReadonlySet<string> {
  return new Set(
    rounds.flatMap(({ region, observations }) => observations.map(({ endpoint }) => `${region} ${endpoint}`)),
  );
}

/** Waits for something, but not for ever: the tests tell what it did not come to. */
export async function inTime(isSo: () => Promise<boolean>, limitMs: number): Promise<void> {
  await until('as expected', isSo, limitMs, LOOK_EVERY_MS).catch(() => {});
}

export function alertsOf(deployment: Deployment, id: string): readonly ReceivedAlert['alert'][] {
  return deployment.received.map(({ alert }) => alert).filter(({ endpoint }) => endpoint?.id === id);
}

/** Whether all that is to be seen and told of a scenario with its fault in place is. */
export function isSettled(
  { id, scenario }: Watch,
  status: SeenStatus | undefined,
  deployment: Deployment,
): boolean {
  if (status?.verdict.rule !== scenario.verdict.rule) return false;
  const reports = REGIONS.map((region) => status.regions.find((report) => report.region === region));
  const seen = reports.every((report, index) =>
    Object.entries(reportOf(scenario, REGIONS[index] ?? REGIONS[0])).every(
      ([field, value]) => report?.[field as keyof typeof report] === value,
    ),
  );
  return seen && (scenario.verdict.kind === null || alertsOf(deployment, id).length > 0);
}

export function passesEverywhere(status: SeenStatus | undefined): boolean {
  return (
    status?.regions.length === REGIONS.length && status.regions.every(({ state }) => state === 'passing')
  );
}

/** What a region can say of the port; `unknown`: its own trouble says nothing. */
export function sayingOf(scenario: NetworkScenario, region: RegionName): 'failing' | 'listening' | 'unknown' {
  const seen = seenFrom(scenario, region);
  if ('passed' in seen) return 'listening';
  return seen.evidence === 'inconclusive' ? 'unknown' : 'failing';
}

/** What an alert says that a region says. */
export function toldOf(alert: ReceivedAlert['alert'], region: RegionName): string {
  if (alert.failingRegions.includes(region)) return 'failing';
  if (alert.listeningRegions.includes(region)) return 'listening';
  return alert.unknownRegions.includes(region) ? 'unknown' : 'nothing';
}

/** What a region's report must hold. The state of one that can say nothing of the endpoint is what it was. */
export function reportOf(scenario: NetworkScenario, region: RegionName): object {
  const seen = seenFrom(scenario, region);
  if (!('passed' in seen))
    return sayingOf(scenario, region) === 'failing' ? { state: 'failing', ...seen } : seen;
  const { passed: _, ...more } = seen;
  return { state: 'passing', outcome: 'ok', evidence: 'listening', ...more };
}
