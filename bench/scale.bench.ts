import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { COHORT_SIZE } from '../lib/endpoint/cohort.ts';
import type { Emulators } from '../lib/local/emulators.ts';
import { COHORTS_A_PARTITION, FIRST_COHORTS } from '../lib/store/keys.ts';
import { openHarbour } from '../test/support/fleet/harbour.ts';
import { type Done, measureScale } from '../test/support/fleet/scale.ts';
import type { Bench, Figure } from './bench.ts';
import { limited } from './scale-limited.ts';

const SIZES = [100, 1000, 10_000, 100_000];
const REGIONS = 6;
const MINUTES = 5;

/** One partition of a table gives so much a second ("Partitions and data distribution", developer guide). */
const MOST_READ_UNITS = 3000;
const MOST_WRITE_UNITS = 1000;
const STRETCH_SECONDS = 10;

async function emulators(): Promise<Emulators> {
  const child = fork(fileURLToPath(new URL('scale-emulators.ts', import.meta.url)));
  const [urls]: readonly Omit<Emulators, 'close'>[] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the emulators did not start'))),
  ]);
  if (!urls) throw new Error('the emulators said nothing');
  const gone = once(child, 'exit');
  return {
    ...urls,
    async close() {
      child.disconnect();
      await gone;
    },
  };
}

async function sizeOf(endpoints: number): Promise<readonly Figure[]> {
  const before = process.memoryUsage().rss;
  const { done, hottestRead, hottestWrite, largestBatchBytes } = await measureScale({
    ...{ endpoints, regions: REGIONS, minutes: MINUTES },
    emulators: await emulators(),
  });
  const name = endpoints.toLocaleString('en-US');
  const of = (what: string): Done | undefined => done.findLast((one) => one.what === what);
  const figure = (
    what: string,
    value: number | undefined,
    unit: Figure['unit'],
    atMost?: number,
  ): Figure => ({
    ...{ what: `${name}: ${what}`, value: value ?? null, unit },
    ...(atMost === undefined ? {} : { atMost }),
  });
  const dispatch = of('dispatch');
  const watchdog = of('watchdog');
  return [
    figure("a region's dispatch of a minute", (of('dispatch, cold')?.ms ?? Number.NaN) / 1000, 's', 10),
    figure('  processor time of it, once warm', dispatch?.cpuMs, 'ms'),
    figure('  messages', dispatch?.messages, 'units'),
    figure('  requests to its queue', dispatch?.queueRequests, 'units'),
    figure('  largest batch', largestBatchBytes, 'bytes', 262_144),
    figure('  read units', dispatch?.readUnits, 'units'),
    figure('watchdog, a minute', (watchdog?.ms ?? Number.NaN) / 1000, 's', 10),
    figure('  messages', watchdog?.messages, 'units'),
    figure('  read units', watchdog?.readUnits, 'units'),
    figure('read units of a message of up to 512 tries, warm', of('probe probe, warm')?.readUnits, 'units'),
    figure('  write units', of('probe probe, warm')?.writeUnits, 'units'),
    figure('read units of a sweep of a cohort, warm', of('judge sweep, warm')?.readUnits, 'units'),
    figure('read units of a PUT', of('PUT')?.readUnits, 'units'),
    figure('  write units', (of('PUT')?.writeUnits ?? 0) + (of('PUT')?.indexWriteUnits ?? 0), 'units'),
    figure('read units of a page of 100 endpoints', of('page of endpoints')?.readUnits, 'units'),
    figure('read units of a page of 100 statuses', of('page of statuses')?.readUnits, 'units'),
    {
      ...figure('most read of one partition in a second', hottestRead.read, 'units', MOST_READ_UNITS),
      note: `${hottestRead.partition}, all regions dispatching at once`,
    },
    {
      ...figure('most written to one partition in a second', hottestWrite.write, 'units', MOST_WRITE_UNITS),
      note: hottestWrite.partition,
    },
    figure('memory that came with it', (process.memoryUsage().rss - before) / 1e6, 'MB'),
  ];
}

/** Every endpoint of two cohorts fails from everywhere at once: what that writes to the partitions that cohorts share. */
async function storm(): Promise<readonly Figure[]> {
  const cohorts = [COHORT_SIZE, COHORT_SIZE];
  const all = cohorts.length * COHORT_SIZE;
  const harbour = await openHarbour({ regions: REGIONS, handshake: 'tcp', cohorts, failing: all });
  const { fleet, meter, close } = harbour;
  await harbour.shut();
  await fleet.pass(3);
  const written = [...meter.heat.values()].filter(({ partition }) => partition === 'COHORTS');
  const units = written.reduce((sum, { write }) => sum + write, 0);
  // The busiest stretch of so many seconds, as it was counted.
  const busiest = Math.max(
    ...written.map(({ second: from }) =>
      written
        .filter(({ second }) => second >= from && second < from + STRETCH_SECONDS)
        .reduce((sum, { write }) => sum + write, 0),
    ),
  );
  await close();
  const most = Math.max(COHORTS_A_PARTITION, 7 * FIRST_COHORTS);
  return [
    {
      what: 'a whole cohort fails: written to its item in three minutes',
      value: units / cohorts.length,
      unit: 'units',
    },
    {
      what: `  in the busiest ${STRETCH_SECONDS} s of them`,
      value: busiest / cohorts.length,
      unit: 'units',
    },
    {
      what: `  were ${most} of them in one partition and in step, a second`,
      value: (busiest / cohorts.length / STRETCH_SECONDS) * most,
      unit: 'units',
      atMost: MOST_WRITE_UNITS,
      note: 'computed from the line above',
    },
  ];
}

async function run(progress: (text: string) => void): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const { info, warn, error } = console;
  Object.assign(console, { info: () => {}, warn: () => {}, error: () => {} });
  try {
    for (const endpoints of SIZES) {
      progress(`${endpoints} endpoints`);
      figures.push(...(await sizeOf(endpoints)));
    }
    progress('two whole cohorts fail');
    figures.push(...(await storm()));
    progress('few functions at a time');
    figures.push(...(await limited('no limit', null)));
    for (const [probe, judge] of [
      [4, 2],
      [2, 1],
      [1, 1],
    ] as const)
      figures.push(...(await limited(`${probe} probers, ${judge} judges`, { probe, judge })));
  } finally {
    Object.assign(console, { info, warn, error });
  }
  return figures;
}

export const bench: Bench = {
  title: 'dispatch, watchdog, probe, judge and API with 100 to 100,000 endpoints and six regions',
  run,
};
