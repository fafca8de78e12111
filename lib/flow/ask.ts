import { crc32 } from 'node:zlib';
import { parseCohort } from '../endpoint/cohort.ts';
import { type JudgeResult, markAsked } from '../incident/judge.ts';
import type { EndpointState } from '../incident/state.ts';
import { type ConfirmOrder, MESSAGE_VERSION } from '../queue/message.ts';
import type { CohortContext } from './judge-context.ts';
import { save } from './save.ts';

/** So many endpoints of a cohort that begin to fail in one region are asked about: they stand for the others. */
const SAMPLE = 8;
/** The others need not be asked while the schedule itself brings every region's word within this. */
const SOON_SECONDS = 60;
/** … and those that were asked stand for them so long. */
const STANDS_MS = 120_000;

/**
 * The judgements without the orders that a sample stands for: when a region loses many endpoints at once, the others are not all asked
 * at once. Those that are left out are still suspected: their own rounds decide, or a later sample.
 */
export function sampled(
  cohort: string,
  results: ReadonlyMap<string, JudgeResult>,
  nowMs: number,
): ReadonlyMap<string, JudgeResult> {
  const { intervalSeconds } = parseCohort(cohort);
  const asked = new Map<string, number>();
  if (intervalSeconds <= SOON_SECONDS) {
    for (const { state } of results.values()) {
      const { suspicion } = state;
      if (!suspicion || suspicion.askedAt === null || nowMs - suspicion.askedAt > STANDS_MS) continue;
      const region = firstFailing(state);
      asked.set(region, (asked.get(region) ?? 0) + 1);
    }
  }
  return new Map(
    [...results].map(([id, result]) => {
      const { orders, state } = result;
      if (!orders || state.suspicion?.id !== orders.suspicion.id) return [id, result];
      const region = firstFailing(state);
      const count = asked.get(region) ?? 0;
      asked.set(region, count + 1);
      return [id, count < SAMPLE ? result : { ...result, orders: null }];
    }),
  );
}

/** The region whose try began the suspicion. */
function firstFailing({ suspicion, regions }: EndpointState): string {
  const [first = ''] = Object.entries(regions).flatMap(([name, { failingSince }]) =>
    failingSince !== null && failingSince === suspicion?.startedAt ? [name] : [],
  );
  return first;
}

interface Wave {
  readonly byRegion: Map<string, ConfirmOrder['tries']>;
  readonly suspicions: string[];
  readonly dues: number[];
}

/**
 * Sends the waves that judgements order: one message a region, with every endpoint that is to be tried there at once, and one more
 * where an address is to be tried that listens elsewhere; then marks them as asked. Cut off in between, the same wave is sent again under the same key and tried once. A region whose queue
 * cannot be reached counts as asked: it does not answer, and so leaves the quorum like any other that is lost.
 * @throws when no region could be asked.
 */
export async function askOthers(
  cohort: string,
  results: ReadonlyMap<string, JudgeResult>,
  states: Map<string, EndpointState>,
  context: CohortContext,
): Promise<void> {
  const waves = new Map<boolean, Wave>();
  const asking: string[] = [];
  for (const [id, { orders, state }] of results) {
    if (!orders) continue;
    const { suspicion, regions, elsewhere } = orders;
    const wave: Wave = waves.get(elsewhere) ?? { byRegion: new Map(), suspicions: [], dues: [] };
    waves.set(elsewhere, wave);
    asking.push(id);
    wave.suspicions.push(suspicion.id);
    wave.dues.push(suspicion.due);
    for (const region of regions) {
      const known = state.regions[region]?.state === 'failing';
      const { address, startedAt } = suspicion;
      const one = { id, tag: state.tag, address, known, elsewhere, after: Math.ceil(startedAt) };
      wave.byRegion.set(region, [...(wave.byRegion.get(region) ?? []), one]);
    }
  }
  if (asking.length === 0) return;
  const sends = [...waves.values()].flatMap(messagesOf(cohort)).map(async ({ region, message }) => {
    try {
      await context.queues.sendProbe(region, [{ message }], context.now());
      return null;
    } catch (error) {
      console.warn(JSON.stringify({ message: 'region not asked', cohort, region, error: String(error) }));
      return error;
    }
  });
  const failures = (await Promise.all(sends)).filter((failure) => failure !== null);
  if (failures.length === sends.length && failures.length > 0) {
    throw new Error(`no region could be asked about ${cohort}`, { cause: failures[0] });
  }
  for (const id of asking) {
    const state = states.get(id);
    if (state) states.set(id, await save(markAsked(state, context.now()), context));
  }
}

function messagesOf(cohort: string) {
  return ({ byRegion, suspicions, dues }: Wave): { region: string; message: ConfirmOrder }[] => {
    const suspicion =
      suspicions.length === 1 ? (suspicions[0] ?? '') : crc32(suspicions.sort().join(' ')).toString(16);
    const due = Math.min(...dues);
    return [...byRegion].map(([region, tries]) => ({
      region,
      message: { v: MESSAGE_VERSION, kind: 'confirm', cohort, due, suspicion, tries },
    }));
  };
}
