import { isWatched } from '../endpoint/endpoint.ts';
import { tagOf } from '../endpoint/tag.ts';
import type { Try } from '../probe/group.ts';
import type { Again, ConfirmOrder, ProbeOrder, RetryOrder } from '../queue/message.ts';
import type { RoundCause } from '../round/round.ts';
import { endpointsById } from '../store/endpoint.ts';
import { statesOf } from '../store/state.ts';
import type { Watched } from './cohort-cache.ts';
import type { ProbeContext } from './probe-context.ts';

export interface Loaded {
  readonly watched: readonly Watched[];
  readonly tries: readonly Try[];
}

/** A round to be made: what to try in one cohort, when and why. */
export interface Job {
  readonly cohort: string;
  readonly cause: RoundCause;
  readonly dueMs: number;
  /** The chain's tries when a chain goes on; empty when a chain may begin. */
  readonly causes: readonly Again[];
  /** What comes of it is neither news nor a recovery, so that no chain begins with it. */
  readonly elsewhere: boolean;
  /** @returns null when nothing is known of the cohort: home cannot be read and never was. */
  readonly load: () => Promise<Loaded | null>;
}

/** The rounds that a message asks for. */
export function jobsOf(message: ProbeOrder | RetryOrder | ConfirmOrder, context: ProbeContext): Job[] {
  switch (message.kind) {
    case 'probe':
      return message.cohorts.map((entry) => slotJob(entry, message.dueMs, context));
    case 'retry': {
      const due = Math.floor(message.dueMs / 1000);
      const cause = { kind: 'retry', due, chain: message.chain } as const;
      const { cohort, dueMs, tries } = message;
      const wanted = tries.map((again) => ({ ...again, pin: pinOf(!again.failed), orOther: false }));
      const load = () => named(wanted, dueMs, context);
      return [{ cohort, cause, dueMs, causes: tries, elsewhere: false, load }];
    }
    case 'confirm': {
      const { cohort, due, suspicion, tries } = message;
      const cause = { kind: 'confirm', due, suspicion } as const;
      // Asked for "now": the key's second may lie behind, the order does not.
      const dueMs = context.now();
      const elsewhere = tries.some((one) => one.elsewhere === true);
      const wanted = tries.map((one) => {
        const known = one.known === true && !elsewhere;
        return { ...one, pin: pinOf(known), orOther: !known && !elsewhere };
      });
      const load = () => named(wanted, due * 1000, context);
      return [{ cohort, cause, dueMs, causes: [], elsewhere, load }];
    }
  }
}

function slotJob(entry: ProbeOrder['cohorts'][number], dueMs: number, context: ProbeContext): Job {
  const { environment, table, cache } = context;
  const { cohort, slot, part, plan, attention } = entry;
  const known = new Set(attention);
  const cause: RoundCause =
    part === 'all' ? { kind: 'slot', slot } : { kind: 'retry', due: slot, chain: 'open' };
  const load: Job['load'] = async () => {
    const { region, regions } = environment;
    const all = await cache.endpoints(table, cohort, plan, region, regions, context.now());
    if (!all) return null;
    const watched = part === 'all' ? all : all.filter(({ tag }) => known.has(tag));
    const failing = await failingAddresses(
      watched.filter(({ tag }) => known.has(tag)),
      context,
    );
    const tries = watched.map(({ endpoint, tag }): Try => {
      const rotation = Math.floor(slot / endpoint.intervalSeconds);
      const address = failing.get(tag) ?? null;
      // Whether the name's other addresses answer is what tells one dead address from an outage.
      const orOther = address !== null;
      return { target: { ...endpoint, tag }, address, pin: 'if_resolved', orOther, rotation };
    });
    return { watched, tries };
  };
  return { cohort, cause, dueMs, causes: [], elsewhere: false, load };
}

/** Whether a failing address is over is asked as long as DNS gives it; one that has left the answer is nobody's trouble. */
function pinOf(knownToFail: boolean): Try['pin'] {
  return knownToFail ? 'if_resolved' : 'must';
}

/** The address that fails here, for endpoints known to fail: a passing try of another one would prove nothing. */
export async function failingAddresses(
  failing: readonly Watched[],
  context: ProbeContext,
): Promise<ReadonlyMap<number, string>> {
  const addresses = new Map<number, string>();
  if (failing.length === 0) return addresses;
  try {
    const states = await statesOf(
      context.table,
      failing.map(({ endpoint }) => endpoint.id),
    );
    for (const { endpoint, tag } of failing) {
      const address = states.get(endpoint.id)?.regions[context.environment.region]?.failing?.address;
      if (address) addresses.set(tag, address);
    }
  } catch (error) {
    console.warn(
      JSON.stringify({ message: 'states unreadable: failing addresses unknown', error: String(error) }),
    );
  }
  return addresses;
}

/** Tries that name their endpoints; one that is gone, or that has become another since, is left out. */
async function named(
  wanted: readonly (Pick<Try, 'address' | 'pin' | 'orOther' | 'after'> & {
    readonly id: string;
    readonly tag: number;
  })[],
  rotationMs: number,
  context: ProbeContext,
): Promise<Loaded> {
  const endpoints = await endpointsById(
    context.table,
    wanted.map(({ id }) => id),
  );
  const watched: Watched[] = [];
  const tries: Try[] = [];
  for (const { id, tag, address, pin, orOther, after } of wanted) {
    const endpoint = endpoints.get(id);
    if (!endpoint || tagOf(endpoint) !== tag || !isWatched(endpoint)) continue;
    watched.push({ endpoint, tag });
    const rotation = Math.floor(rotationMs / 1000 / endpoint.intervalSeconds);
    const target = { ...endpoint, tag };
    tries.push({ target, address, pin, orOther, rotation, ...(after === undefined ? {} : { after }) });
  }
  return { watched, tries };
}
