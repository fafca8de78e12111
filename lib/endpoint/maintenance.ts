import { Cron } from 'croner';
import type { Endpoint } from './endpoint.ts';

/** From a time until a time. RFC 3339 UTC. */
export interface OnceSchedule {
  readonly from: string;
  readonly until: string;
}

/**
 * Windows that begin whenever the wall clock of a zone says so and are of one length in elapsed time, as an RFC 5545 DURATION
 * in hours and minutes is (section 3.3.6): work takes as long as it takes, also while clocks change. A beginning in the hour that
 * clocks skip is where they go on; one in the hour that comes twice is in the first. What recurs within hours (`*` or a step in
 * minute or hour) begins each time that a clock on the wall shows it.
 */
export interface RecurringSchedule {
  /** Minute, hour, day, month, weekday. */
  readonly cron: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly durationMinutes: number;
  /** Windows begin at or after this and before `until`, RFC 3339 UTC; absent: no such limit. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

export type Schedule = OnceSchedule | RecurringSchedule;

/** Whom a maintenance is about: with one of the ids or of the tags. */
export type Concerned =
  | 'all'
  | { readonly ids?: readonly string[] | undefined; readonly tags?: readonly string[] | undefined };

/** Times in which nothing is told of some endpoints, because somebody works on them. */
export interface Maintenance {
  readonly id: string;
  readonly note: string | null;
  /** Who planned it. */
  readonly by: string | null;
  readonly endpoints: Concerned;
  readonly schedule: Schedule;
  /** When it was planned, RFC 3339 UTC. */
  readonly at: string;
}

/** From `fromMs` on, before `untilMs`; epoch ms. */
export interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Whether a maintenance is about an endpoint. */
export function concerns({ endpoints }: Pick<Maintenance, 'endpoints'>, endpoint: Tagged): boolean {
  if (endpoints === 'all') return true;
  const { ids = [], tags = [] } = endpoints;
  return ids.includes(endpoint.id) || tags.some((tag) => endpoint.tags.includes(tag));
}
type Tagged = Pick<Endpoint, 'id' | 'tags'>;

/** The window that a time is in, of overlapping ones the one that began last; null: it is in none. */
export function windowAt({ schedule }: Pick<Maintenance, 'schedule'>, nowMs: number): Window | null {
  const window = 'cron' in schedule ? begunLast(schedule, nowMs) : onceOf(schedule);
  return window && window.fromMs <= nowMs && nowMs < window.untilMs ? window : null;
}

/** The first window that begins after a time; null: there is none. */
export function nextWindow({ schedule }: Pick<Maintenance, 'schedule'>, afterMs: number): Window | null {
  if ('cron' in schedule) return windowFrom(cronOf(schedule).nextRun(new Date(afterMs)), schedule);
  const window = onceOf(schedule);
  return window.fromMs > afterMs ? window : null;
}

/** The window that a time is in, if any, and those after it that begin before `beforeMs`; `count` at most. */
export function windowsFrom(
  maintenance: Pick<Maintenance, 'schedule'>,
  fromMs: number,
  { count = Number.POSITIVE_INFINITY, beforeMs = Number.POSITIVE_INFINITY },
): readonly Window[] {
  const windows: Window[] = [];
  let window = windowAt(maintenance, fromMs) ?? nextWindow(maintenance, fromMs);
  while (window && window.fromMs < beforeMs && windows.length < count) {
    windows.push(window);
    window = nextWindow(maintenance, window.fromMs);
  }
  return windows;
}

/** When the last window is over, epoch ms; null: they never end. */
export function overAt({ schedule }: Pick<Maintenance, 'schedule'>): number | null {
  if (!('cron' in schedule)) return onceOf(schedule).untilMs;
  const { until, durationMinutes } = schedule;
  return until === undefined ? null : Date.parse(until) + durationMinutes * 60_000;
}

function begunLast(schedule: RecurringSchedule, nowMs: number): Window | null {
  // Runs before a time are asked for: one that begins now has to be among them.
  const [begin = null] = cronOf(schedule).previousRuns(1, new Date(nowMs + 1));
  return windowFrom(begin, schedule);
}

function windowFrom(begin: Date | null, { durationMinutes }: RecurringSchedule): Window | null {
  const fromMs = begin?.getTime() ?? null;
  return fromMs === null ? null : { fromMs, untilMs: fromMs + durationMinutes * 60_000 };
}

function onceOf({ from, until }: OnceSchedule): Window {
  return { fromMs: Date.parse(from), untilMs: Date.parse(until) };
}

/** @throws when the pattern or the zone cannot be read. */
export function cronOf({ cron, timeZone, from, until }: Omit<RecurringSchedule, 'durationMinutes'>): Cron {
  return new Cron(cron, {
    mode: '5-part',
    timezone: timeZone,
    // A list of hours is a list of times of day, as in Vixie cron.
    fixedTimeRule: 'no-wildcard',
    ...(from === undefined ? {} : { startAt: new Date(from) }),
    ...(until === undefined ? {} : { stopAt: new Date(until) }),
  });
}
