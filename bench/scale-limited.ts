import { openStates } from '../lib/store/state.ts';
import type { FleetOptions } from '../test/support/fleet/fleet.ts';
import { openHarbour } from '../test/support/fleet/harbour.ts';
import type { Figure } from './bench.ts';

const REGIONS = 3;
/** As many messages as 1,024 endpoints make: a cohort is a message of a retry, whatever it holds. */
const COHORTS = 16;
const OUTAGE_MINUTES = 12;
const AFTER_MINUTES = 15;

/** Everything fails from everywhere for a while, where so many functions may run at a time. Every try takes 5 s, a judgement 1 s. */
export async function limited(
  name: string,
  concurrency: FleetOptions['concurrency'] | null,
): Promise<readonly Figure[]> {
  const cohorts = Array.from({ length: COHORTS }, () => 1);
  const harbour = await openHarbour({
    ...{ regions: REGIONS, handshake: 'tcp', cohorts, failing: COHORTS },
    ...(concurrency ? { concurrency } : {}),
  });
  const { fleet, meter, stack } = harbour;
  const begun = fleet.nowMs;
  /** Endpoints that have been told of, by what they are told under. */
  const counts = new Map<string, number>();
  const last = new Map<string, string>();
  let firstMs: number | null = null;
  let allMs: number | null = null;
  meter.published = (topicArn, body) => {
    const { event, dedupKey, kind, group } = JSON.parse(topicArn.endsWith('json') ? body : '{}');
    if (kind !== 'down') return;
    last.set(dedupKey, event);
    if (event === 'resolve') return;
    firstMs ??= fleet.nowMs - begun;
    counts.set(dedupKey, Math.max(counts.get(dedupKey) ?? 0, group?.count ?? 1));
    const told = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (told >= COHORTS) allMs ??= fleet.nowMs - begun;
  };
  await harbour.shut();
  await fleet.pass(OUTAGE_MINUTES);
  const tooLate = fleet.tooLate;
  await harbour.open();
  await fleet.pass(AFTER_MINUTES);
  const open = (await openStates(stack.table)).length;
  const unresolved = [...last.values()].filter((event) => event !== 'resolve').length;
  const figures: Figure[] = [
    { what: `${name}: first told after`, value: firstMs === null ? null : firstMs / 1000, unit: 's' },
    { what: `${name}: all of it told after`, value: allMs === null ? null : allMs / 1000, unit: 's' },
    { what: `${name}: longest wait of a message`, value: fleet.longestWaitMs / 1000, unit: 's' },
    {
      what: `${name}: rounds not made in the outage, too late`,
      value: tooLate,
      unit: 'units',
      note: `of ${COHORTS * REGIONS * OUTAGE_MINUTES} by schedule, retries come on top`,
    },
    {
      what: `${name}: never told, or still open at the end`,
      value: COHORTS - told(counts) + unresolved + open,
      unit: 'units',
      atMost: 0,
    },
  ];
  await harbour.close();
  return figures;
}

function told(counts: ReadonlyMap<string, number>): number {
  return Math.min(
    COHORTS,
    [...counts.values()].reduce((sum, count) => sum + count, 0),
  );
}
