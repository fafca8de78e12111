import { type Deployment, deploy } from '../test/lab/deployment.ts';
import { type Lab, makeLab } from '../test/lab/lab.ts';
import { REGIONS } from '../test/lab/scenario.ts';
import { passesEverywhere } from '../test/lab/watches.ts';
import { type Addresses, labMissing, until } from '../test/lab/world.ts';
import { type Bench, type Figure, quantile } from './bench.ts';

const BLOCKED = REGIONS[0];

/** What nftables does with the SYNs of one region, on the host of the servers. */
const FAULTS = [
  { name: 'silence (drop)', action: 'drop' },
  { name: 'refusal (reject with tcp reset)', action: 'reject with tcp reset' },
] as const;
/**
 * One after the other. A new endpoint is tried by messages of its own for two minutes (ADR 6), and a local function has four processes:
 * the more frequent ones come last, when the schedule has them.
 */
const INTERVALS = [60, 10] as const;
/** With two faults eight endpoints of a cohort: of more that begin to fail at the same moment some are decided later (ADR 12). */
const REPETITIONS = 4;
/** Faults begin one after the other, and so anywhere within an interval of 10 s. */
const APART_MS = 1500;

interface Case {
  readonly id: string;
  readonly fault: (typeof FAULTS)[number];
  readonly intervalSeconds: number;
  readonly at: Addresses;
}

/** Seconds of one alert, as SNS's receiver saw it. */
interface Detected {
  readonly fault: string;
  readonly intervalSeconds: number;
  readonly toConfirmed: number;
  readonly toReceived: number;
  readonly fromFault: number;
}

async function run(progress: (text: string) => void): Promise<readonly Figure[]> {
  const lacks = await labMissing();
  if (lacks !== null) return [{ what: 'detection', value: null, unit: 's', note: lacks }];
  const lab = await makeLab({ farMs: 0 });
  let deployment: Deployment | undefined;
  try {
    const cases = await arrange(lab);
    deployment = await deploy(lab);
    progress(`${cases.length} endpoints pass from ${REGIONS.length} regions`);
    await watch(deployment, cases);
    const detected: Detected[] = [];
    for (const interval of INTERVALS) {
      progress(`each that is tried every ${interval} s is shut off from ${BLOCKED}`);
      const these = cases.filter(({ intervalSeconds }) => intervalSeconds === interval);
      detected.push(...(await detect(lab, deployment, these)));
      await lab.world.lift(lab.shops);
    }
    return figuresOf(detected);
  } finally {
    await deployment?.close();
    await lab.close();
  }
}

async function arrange(lab: Lab): Promise<readonly Case[]> {
  const cases: Case[] = [];
  for (let number = 0; number < REPETITIONS; number += 1)
    for (const intervalSeconds of INTERVALS)
      for (const fault of FAULTS)
        cases.push({ id: `case-${cases.length}`, fault, intervalSeconds, at: await lab.address() });
  return cases;
}

async function watch(deployment: Deployment, cases: readonly Case[]): Promise<void> {
  // A team of its own each: what fails together would be told as one.
  for (const { id, at, intervalSeconds } of cases)
    await deployment.put(id, {
      ...{ host: at.address, port: 443, handshake: 'http2', serverName: 'shop.lab.test' },
      ...{ intervalSeconds, alertAfterSeconds: 0, team: id },
    });
  await until(
    'all regions pass all endpoints',
    async () => {
      const statuses = await deployment.statuses();
      return cases.every(({ id }) => passesEverywhere(statuses.get(id)));
    },
    120_000,
    1000,
  );
}

async function detect(
  lab: Lab,
  deployment: Deployment,
  cases: readonly Case[],
): Promise<readonly Detected[]> {
  const rule = (one: Case): string =>
    `add rule inet wall input ip saddr ${lab.regions[BLOCKED].address} ip daddr ${one.at.address} tcp dport 443 ${one.fault.action}`;
  const begun = new Map<string, number>();
  await lab.world.rules(
    lab.shops,
    'add table inet wall',
    'add chain inet wall input { type filter hook input priority 0; }',
  );
  for (const one of cases) {
    await lab.world.rules(lab.shops, rule(one));
    begun.set(one.id, Date.now());
    await new Promise((resolve) => setTimeout(resolve, APART_MS));
  }
  const detected: Detected[] = [];
  for (const { id, fault, intervalSeconds } of cases) {
    const { alert, receivedAt } = await deployment.alert(
      ({ event, endpoint }) => event === 'trigger' && endpoint?.id === id,
    );
    if (alert.kind !== 'partial') throw new Error(`${id} is told as ${alert.kind}`, { cause: alert });
    const since = Date.parse(alert.since);
    const [incident] = await deployment.incidents(id);
    detected.push({
      ...{ fault: fault.name, intervalSeconds },
      toConfirmed: (incident?.timeToConfirmMs ?? Number.NaN) / 1000,
      toReceived: (receivedAt - since) / 1000,
      fromFault: (receivedAt - (begun.get(id) ?? Number.NaN)) / 1000,
    });
  }
  return detected;
}

function figuresOf(all: readonly Detected[]): readonly Figure[] {
  return FAULTS.flatMap(({ name }) =>
    INTERVALS.flatMap((intervalSeconds): readonly Figure[] => {
      const these = all.filter((one) => one.fault === name && one.intervalSeconds === intervalSeconds);
      const figure = (what: string, of: (one: Detected) => number, atMost?: number): Figure => {
        const values = these.map(of);
        return {
          what: `${name}, every ${intervalSeconds} s: ${what}`,
          value: Math.max(...values),
          unit: 's',
          ...(atMost === undefined ? {} : { atMost }),
          note: `the slowest of ${values.length}: ${values
            .toSorted((a, b) => a - b)
            .map((one) => one.toFixed(1))
            .join(', ')}`,
          median: quantile(values, 0.5),
        };
      };
      return [
        figure('first failing handshake to confirmed', (one) => one.toConfirmed, 20),
        figure('first failing handshake to the alert', (one) => one.toReceived, 20),
        figure('nft rule to the alert', (one) => one.fromFault),
      ];
    }),
  );
}

export const bench: Bench = {
  title: 'a region shut off by nftables, and how long until SNS delivers the alert (alertAfterSeconds: 0)',
  run,
};
