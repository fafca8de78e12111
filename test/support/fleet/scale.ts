import type { Api } from '../../../lib/api/api.ts';
import { create } from '../../../lib/api/change.ts';
import { getAll } from '../../../lib/api/list.ts';
import { requestOf } from '../../../lib/api/request.ts';
import { getStatusOfAll } from '../../../lib/api/status.ts';
import { COHORT_SIZE, parseCohort } from '../../../lib/endpoint/cohort.ts';
import { parseEndpoint } from '../../../lib/endpoint/parse.ts';
import type { Emulators } from '../../../lib/local/emulators.ts';
import { openQueues } from '../../../lib/queue/queues.ts';
import { openTopics } from '../../../lib/topic/topics.ts';
import { eventOf } from '../gateway.ts';
import { openHarbour } from './harbour.ts';
import type { Heat, Tally } from './meter.ts';

/** One thing that was done, with so many endpoints there. */
export interface Done extends Tally {
  readonly what: string;
  readonly ms: number;
  /** Processor time of this process, the emulators' not among it where they have a process of their own. */
  readonly cpuMs: number;
}

export interface Scale {
  readonly endpoints: number;
  readonly done: readonly Done[];
  /** The partition that was read most within a second in which all regions dispatch and the watchdog looks. */
  readonly hottestRead: Heat;
  /** The partition that was written most within a second of all else. */
  readonly hottestWrite: Heat;
  readonly largestBatchBytes: number;
}

export interface ScaleOptions {
  readonly endpoints: number;
  readonly regions: number;
  /** Of what is the same for every message, one is delivered each minute (eight cohorts), for so many minutes twice. */
  readonly minutes: number;
  readonly emulators?: Emulators;
}

/** The cohorts of one message. */
const KNOWN = 8;

/** Does what a deployment of so many endpoints does: dispatches, looks at the cohorts, probes and judges, lists, puts one more. */
export async function measureScale(options: ScaleOptions): Promise<Scale> {
  const { endpoints, regions, minutes, emulators } = options;
  const cohorts = Array.from({ length: Math.ceil(endpoints / COHORT_SIZE) }, (_, number) =>
    Math.min(COHORT_SIZE, endpoints - number * COHORT_SIZE),
  );
  const { fleet, stack, meter, close } = await openHarbour({
    ...{ regions, handshake: 'tcp', cohorts, known: KNOWN },
    ...(emulators ? { emulators } : {}),
  });
  const { info, warn } = console;
  Object.assign(console, { info: () => {}, warn: () => {} });
  try {
    const done: Done[] = [];
    const timed = async (what: string, actor: string, act: () => Promise<unknown>): Promise<void> => {
      const before = { ...meter.tallyOf(actor) };
      const cpu = process.cpuUsage();
      const begun = performance.now();
      await act();
      const ms = performance.now() - begun;
      const { user, system } = process.cpuUsage(cpu);
      done.push({ what, ms, cpuMs: (user + system) / 1000, ...difference(meter.tallyOf(actor), before) });
    };
    const [home = ''] = fleet.regions;
    await timed('dispatch, cold', 'dispatch', () => fleet.dispatch(home));
    for (const region of fleet.regions) await timed('dispatch', 'dispatch', () => fleet.dispatch(region));
    await timed('watchdog', 'watchdog', () => fleet.watchdog());
    const hottestRead = hottest([...meter.heat.values()], 'read');
    meter.heat.clear();
    const api = apiOf(stack.environment(home), stack.table);
    const get = (path: string) => requestOf(eventOf('GET', path, undefined, {}));
    const asked = (what: string, act: () => Promise<unknown>) => timed(what, what, () => fleet.as(what, act));
    await asked('page of endpoints', async () => getAll(get('/endpoints'), api));
    await asked('page of statuses', async () => getStatusOfAll(get('/status'), api));
    await asked('PUT', () => put(api, 'one-more'));
    for (const age of ['cold', 'warm']) {
      for (const actor of ['probe probe', 'judge sweep']) meter.tallies.delete(actor);
      if (minutes > 0) await fleet.pass(minutes, isKnown);
      for (const actor of ['probe probe', 'judge sweep']) {
        const tally = meter.tallyOf(actor);
        if (tally.invocations > 0) done.push({ what: `${actor}, ${age}`, ms: 0, cpuMs: 0, ...each(tally) });
      }
    }
    return {
      endpoints,
      done,
      hottestRead,
      hottestWrite: hottest([...meter.heat.values()], 'write'),
      largestBatchBytes: meter.largestBatchBytes,
    };
  } finally {
    Object.assign(console, { info, warn });
    await close();
  }
}

/** Whether the endpoints are in the table that a message is about; what is about the watching counts as well. */
function isKnown({ body }: { readonly body: string }): boolean {
  const { cohort, cohorts } = JSON.parse(body) as { cohort?: string; cohorts?: { cohort: string }[] };
  const [first] = cohort === undefined ? (cohorts ?? []) : [{ cohort }];
  return first === undefined || parseCohort(first.cohort).number < KNOWN;
}

function difference(after: Tally, before: Tally): Tally {
  const entries = Object.entries(after) as [keyof Tally, number][];
  return Object.fromEntries(entries.map(([name, value]) => [name, value - before[name]])) as unknown as Tally;
}

/** Of one invocation. */
function each(tally: Tally): Tally {
  const entries = Object.entries(tally).map(([name, value]) => [name, value / tally.invocations]);
  return { ...(Object.fromEntries(entries) as unknown as Tally), invocations: tally.invocations };
}

function hottest(heat: readonly Heat[], by: 'read' | 'write'): Heat {
  const none: Heat = { partition: '', second: 0, read: 0, write: 0 };
  return heat.reduce((most, one) => (one[by] > most[by] ? one : most), none);
}

function apiOf(environment: Api['environment'], table: Api['table']): Api {
  const topics = openTopics(environment.deployment.homeRegion);
  return { environment, table, queues: openQueues(environment), topics, now: Date.now };
}

async function put(api: Api, id: string): Promise<void> {
  const { regions, ipv6, allowPrivateAddresses } = api.environment;
  const input = { host: 'shop.example.com', port: 443, handshake: 'http2' };
  const parsed = parseEndpoint(input, { id, regions, ipv6, allowPrivateAddresses });
  if ('errors' in parsed) throw new Error('the endpoint is not one', { cause: parsed.errors });
  if (!(await create(api, id, parsed.settings))) throw new Error('it is there already');
}
