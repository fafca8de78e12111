import { COHORTS_IN_STEP, latenessSeconds, momentOf, parseCohort } from '../endpoint/cohort.ts';
import { MESSAGE_VERSION, type ProbeMessage } from '../queue/message.ts';
import type { Queues } from '../queue/queues.ts';
import { allCohorts, type Cohort } from '../store/cohort.ts';
import type { Table } from '../store/table.ts';

/** While an incident is open its failing regions try at least this often. */
const OPEN_INTERVAL_SECONDS = 60;

export interface Plan {
  readonly message: ProbeMessage;
  readonly dueMs: number;
}

/**
 * The probe messages of one region for the minute that starts at `minuteMs`: every slot whose moment lies in it, cohorts that
 * knock at the same second together; and for open incidents of cohorts slower than a minute, one try of what fails here.
 */
export function plansOf(
  cohorts: readonly Cohort[],
  region: string,
  regions: readonly string[],
  minuteMs: number,
): Plan[] {
  const position = Math.max(0, regions.indexOf(region));
  const start = Math.floor(minuteMs / 1000);
  const bySecond = new Map<number, Extract<ProbeMessage, { kind: 'probe' }>['cohorts']>();
  for (const { cohort, members, plan, attention } of cohorts) {
    if (members.size === 0) continue;
    const { intervalSeconds } = parseCohort(cohort);
    const offset = momentOf(0, cohort, position, regions.length);
    const failing = [...(attention.get(region) ?? [])];
    const add = (second: number, slot: number, part: 'all' | 'failing'): void => {
      const entry = { cohort, slot, part, plan, attention: failing };
      bySecond.set(second, [...(bySecond.get(second) ?? []), entry]);
    };
    const first = Math.ceil((start - offset) / intervalSeconds) * intervalSeconds;
    for (let slot = first; slot + offset < start + 60; slot += intervalSeconds)
      add(slot + offset, slot, 'all');
    const tried = first + offset < start + 60;
    const openAt = start + (offset % OPEN_INTERVAL_SECONDS);
    if (!tried && failing.length > 0) add(openAt, openAt, 'failing');
  }
  const plans: Plan[] = [];
  for (const [second, entries] of bySecond) {
    for (let at = 0; at < entries.length; at += COHORTS_IN_STEP) {
      const dueMs = second * 1000;
      const message = {
        v: MESSAGE_VERSION,
        kind: 'probe',
        dueMs,
        cohorts: entries.slice(at, at + COHORTS_IN_STEP),
      } as const;
      plans.push({ dueMs, message: { ...message, cohorts: [...message.cohorts] } });
    }
  }
  return plans;
}

/** What dispatch keeps between invocations, for when home cannot be read. */
export interface DispatchMemory {
  cohorts: readonly Cohort[] | null;
  homeLostAtMs: number | null;
  homeLossTold: boolean;
}

export interface Dispatched {
  readonly sent: number;
  readonly home: 'reached' | 'from_memory' | 'nothing_known';
  /** Since when home cannot be read, once that has to be told; null otherwise. */
  readonly tellHomeLostAtMs: number | null;
}

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
  const plans = plansOf(memory.cohorts ?? [], region, regions, minuteMs);
  await queues.sendProbe(region, plans, nowMs);
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
