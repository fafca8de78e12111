import { COHORTS_IN_STEP, latenessSeconds, momentOf, parseCohort } from '../endpoint/cohort.ts';
import { MESSAGE_VERSION, type ProbeOrder } from '../queue/message.ts';
import type { Queues } from '../queue/queues.ts';
import { allCohorts, type CohortSummary } from '../store/cohorts.ts';
import type { Table } from '../store/table.ts';

/** While an incident is open its failing regions try at least this often. */
const OPEN_INTERVAL_SECONDS = 60;

export interface Plan {
  readonly message: ProbeOrder;
  readonly dueMs: number;
}

type Entry = ProbeOrder['cohorts'][number];

/**
 * The probe messages of one region for the minute that starts at `minuteMs`: every slot whose moment lies in it, cohorts that
 * knock at the same second together. Of a cohort's slots that are past already (a late dispatch) only the newest is
 * worth trying. For open incidents of cohorts slower than a minute there is one try of what fails here.
 */
export function plansOf(
  cohorts: readonly CohortSummary[],
  options: {
    readonly region: string;
    readonly regions: readonly string[];
    readonly minuteMs: number;
    readonly nowMs: number;
  },
): Plan[] {
  const { region, regions, minuteMs, nowMs } = options;
  const position = Math.max(0, regions.indexOf(region));
  const start = Math.floor(minuteMs / 1000);
  const bySecond = new Map<number, Entry[]>();
  for (const { cohort, places, plan, attention } of cohorts) {
    if (places === 0) continue;
    const offset = momentOf(0, cohort, position, regions.length);
    const failing = [...(attention.get(region) ?? [])];
    const add = (second: number, slot: number, part: Entry['part']): void => {
      const entries = bySecond.get(second) ?? [];
      bySecond.set(second, entries);
      entries.push({ cohort, slot, part, plan, attention: failing });
    };
    const slots = slotsIn(start, offset, parseCohort(cohort).intervalSeconds);
    const past = slots.filter((slot) => (slot + offset) * 1000 < nowMs);
    for (const slot of slots.slice(Math.max(0, past.length - 1))) add(slot + offset, slot, 'all');
    const openAt = start + (offset % OPEN_INTERVAL_SECONDS);
    if (slots.length === 0 && failing.length > 0) add(openAt, openAt, 'failing');
  }
  return [...bySecond].flatMap(([second, entries]) => messagesAt(second, entries));
}

/** The slots whose moment (slot + offset) lies in the minute that starts at this second. */
function slotsIn(startSecond: number, offset: number, intervalSeconds: number): number[] {
  const first = Math.ceil((startSecond - offset) / intervalSeconds) * intervalSeconds;
  const count = Math.max(0, Math.ceil((startSecond + 60 - offset - first) / intervalSeconds));
  return Array.from({ length: count }, (_, number) => first + number * intervalSeconds);
}

function messagesAt(second: number, entries: readonly Entry[]): Plan[] {
  const dueMs = second * 1000;
  const groups = Math.ceil(entries.length / COHORTS_IN_STEP);
  return Array.from({ length: groups }, (_, group) => {
    const cohorts = entries.slice(group * COHORTS_IN_STEP, (group + 1) * COHORTS_IN_STEP);
    return { dueMs, message: { v: MESSAGE_VERSION, kind: 'probe', dueMs, cohorts } };
  });
}

/** What dispatch keeps between invocations, for when home cannot be read. */
export interface DispatchMemory {
  cohorts: readonly CohortSummary[] | null;
  homeLostAtMs: number | null;
  homeLossTold: boolean;
}

export interface Dispatched {
  readonly sent: number;
  readonly home: 'reached' | 'from_memory' | 'nothing_known';
  /** Since when home cannot be read, once that has to be told; null otherwise. */
  readonly tellHomeLostAtMs: number | null;
}

/**
 * SQS delays by whole seconds, rounded down, and a prober that is early waits at the price of one that works: so a message comes up
 * to a second late, which a slot does not mind.
 */
const NOT_EARLY_MS = 999;

const HOME_LOST_AFTER_MS = 5 * 60_000;

/** Plans minute M+1 in minute M and sends it. Sends that fail throw: the schedule tries the invocation once more. */
export async function dispatch(
  options: {
    readonly table: Table;
    readonly queues: Queues;
    readonly region: string;
    readonly regions: readonly string[];
    readonly scheduledMs: number;
    readonly nowMs: number;
  },
  memory: DispatchMemory,
): Promise<Dispatched> {
  const { table, queues, region, regions, scheduledMs, nowMs } = options;
  let reached = true;
  try {
    memory.cohorts = await allCohorts(table);
    memory.homeLostAtMs = null;
    memory.homeLossTold = false;
  } catch (error) {
    reached = false;
    memory.homeLostAtMs ??= nowMs;
    console.warn(JSON.stringify({ message: 'home table unreachable', region, error: String(error) }));
  }
  const minuteMs = Math.floor(scheduledMs / 60_000) * 60_000 + 60_000;
  const plans = plansOf(memory.cohorts ?? [], { region, regions, minuteMs, nowMs });
  const sends = plans.map(({ message, dueMs }) => ({ message, dueMs: dueMs + NOT_EARLY_MS }));
  await queues.sendProbe(region, sends, nowMs);
  const lost = memory.homeLostAtMs;
  return {
    sent: plans.length,
    home: reached ? 'reached' : memory.cohorts ? 'from_memory' : 'nothing_known',
    tellHomeLostAtMs:
      lost !== null && nowMs - lost >= HOME_LOST_AFTER_MS && !memory.homeLossTold ? lost : null,
  };
}

/** True when a slot's message has come too late to be worth probing. */
export function isTooLate(dueMs: number, cohort: string, nowMs: number): boolean {
  return nowMs > dueMs + latenessSeconds(parseCohort(cohort).intervalSeconds) * 1000;
}
