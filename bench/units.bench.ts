import { COHORT_SIZE } from '../lib/endpoint/cohort.ts';
import { type Harbour, openHarbour } from '../test/support/fleet/harbour.ts';
import type { Tally } from '../test/support/fleet/meter.ts';
import type { Bench, Figure } from './bench.ts';

const REGIONS = 6;
const MINUTES = 5;

/** A message is received, and deleted, by Lambda: a request each of a standard queue; a judge's is counted alone though ten may share one. */
const REQUESTS_OF_LAMBDA = 2;

type What = 'write units' | 'read units' | 'queue requests' | 'invocations' | 'publishes';

/** What was counted, for each observation of a round by schedule. */
function perObservation(counts: ReadonlyMap<string, Tally>, observations: number): Record<What, number> {
  const tallies = [...counts];
  const sum = (of: (tally: Tally) => number): number =>
    tallies.reduce((all, [, tally]) => all + of(tally), 0);
  return {
    'write units': sum(({ writeUnits, indexWriteUnits }) => writeUnits + indexWriteUnits) / observations,
    'read units': sum(({ readUnits }) => readUnits) / observations,
    'queue requests':
      sum(({ queueRequests, messages }) => queueRequests + REQUESTS_OF_LAMBDA * messages) / observations,
    invocations: sum(({ invocations }) => invocations) / observations,
    publishes: sum(({ publishes }) => publishes) / observations,
  };
}

async function counted(
  what: string,
  harbour: Harbour,
  endpoints: number,
  minutes: number,
): Promise<readonly Figure[]> {
  await harbour.fleet.pass(minutes);
  const counts = perObservation(harbour.count(), endpoints * REGIONS * minutes);
  return Object.entries(counts).map(([unit, value]) => ({
    what: `${what}: ${unit} an observation`,
    value,
    unit: 'units',
  }));
}

async function run(progress: (text: string) => void): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  // Every prober's line of log would stand between the figures.
  const { info, warn, error } = console;
  Object.assign(console, { info: () => {}, warn: () => {}, error: () => {} });
  try {
    for (const handshake of ['tcp', 'http2'] as const) {
      for (const members of [1, 10, COHORT_SIZE]) {
        progress(`${handshake}, a cohort of ${members}`);
        const harbour = await openHarbour({ regions: REGIONS, handshake, cohorts: [members] });
        figures.push(...(await counted(`${handshake}, ${members} endpoints`, harbour, members, MINUTES)));
        await harbour.close();
      }
      progress(`${handshake}, three full cohorts, then two of their endpoints fail`);
      const cohorts = [COHORT_SIZE, COHORT_SIZE, COHORT_SIZE];
      const endpoints = 3 * COHORT_SIZE;
      const harbour = await openHarbour({ regions: REGIONS, handshake, cohorts, failing: 2 });
      const count = (what: string) => counted(`${handshake}, ${what}`, harbour, endpoints, MINUTES);
      figures.push(...(await count('192 endpoints')));
      await harbour.shut();
      figures.push(...(await count('1 % begin to fail')));
      figures.push(...(await count('1 % go on failing')));
      await harbour.open();
      figures.push(...(await count('1 % are well again')));
      await harbour.close();
    }
  } finally {
    Object.assign(console, { info, warn, error });
  }
  return figures.map((figure) =>
    /(64|192) endpoints: write units/.test(figure.what) ? { ...figure, atMost: atMost(figure.what) } : figure,
  );
}

/** With one cohort alone a region's note of itself weighs as much as half a round. */
const atMost = (what: string): number => (what.includes('192') ? 0.04 : 0.05);

export const bench: Bench = {
  title:
    'units of DynamoDB, SQS, Lambda and SNS an observation, six regions, counted with the real functions',
  run,
};
