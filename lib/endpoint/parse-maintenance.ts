import { type FieldError, fieldErrors } from './field-error.ts';
import {
  cronOf,
  type Maintenance,
  type RecurringSchedule,
  type Schedule,
  windowsFrom,
} from './maintenance.ts';
import {
  maintenanceInput,
  onceInput,
  onceSchedule,
  recurringInput,
  recurringSchedule,
} from './maintenance-schema.ts';

export type ParsedMaintenance =
  | { readonly maintenance: Maintenance }
  | { readonly errors: readonly FieldError[] };

/** What is longer is a disabled endpoint. */
const MAX_ONCE_MS = 366 * 86_400_000;

/**
 * Reads what a user says of a maintenance. It has a window that is yet to end, and windows that recur end before the next begins:
 * whatever cannot be is an error that names its field and the remedy.
 */
export function parseMaintenance(input: object, id: string, nowMs: number): ParsedMaintenance {
  const recurs = 'schedule' in input && isRecurring(input.schedule);
  const parsed = recurs ? recurringInput.safeParse(input) : onceInput.safeParse(input);
  if (!parsed.success) {
    const schedule = Object.keys((recurs ? recurringSchedule : onceSchedule).shape);
    const nested = { schedule, endpoints: ['ids', 'tags'] };
    const errors = fieldErrors(parsed.error, Object.keys(maintenanceInput.shape), nested);
    return { errors: [...errors, ...scheduleErrors(input, recurs, nowMs)] };
  }
  const { note = null, by = null, endpoints, schedule: said } = parsed.data;
  const schedule = inUtc(said);
  const errors = scheduleErrors(input, recurs, nowMs);
  if (errors.length > 0) return { errors };
  return { maintenance: { id, note, by, endpoints, schedule, at: new Date(nowMs).toISOString() } };
}

/** What cannot be of a schedule that is right by itself, whatever is wrong beside it. */
function scheduleErrors(input: object, recurs: boolean, nowMs: number): readonly FieldError[] {
  const written = 'schedule' in input ? input.schedule : undefined;
  const said = (recurs ? recurringSchedule : onceSchedule).safeParse(written).data;
  if (said === undefined) return [];
  const schedule = inUtc(said);
  const error = 'cron' in schedule ? recurringError(schedule, nowMs) : onceError(schedule, nowMs);
  return error ? [error] : [];
}

const isRecurring = (schedule: unknown): boolean =>
  typeof schedule === 'object' &&
  schedule !== null &&
  ['cron', 'timeZone', 'durationMinutes'].some((field) => Object.hasOwn(schedule, field));

const utc = (text: string): string => new Date(text).toISOString();

function inUtc(said: Schedule): Schedule {
  if (!('cron' in said)) return { from: utc(said.from), until: utc(said.until) };
  const { from, until, ...rest } = said;
  return {
    ...rest,
    ...(from === undefined ? {} : { from: utc(from) }),
    ...(until === undefined ? {} : { until: utc(until) }),
  };
}

const wrong = (field: string, remedy: string): FieldError => ({
  pointer: `#/schedule/${field}`,
  message: `${field} ${remedy}`,
});

function onceError({ from, until }: { from: string; until: string }, nowMs: number): FieldError | null {
  const [fromMs, untilMs] = [Date.parse(from), Date.parse(until)];
  if (untilMs <= fromMs) return wrong('until', 'must be after "from"');
  if (untilMs <= nowMs) return wrong('until', 'must be in the future');
  if (untilMs - fromMs > MAX_ONCE_MS) return wrong('until', 'must be at most 366 days after "from"');
  return null;
}

function recurringError(schedule: RecurringSchedule, nowMs: number): FieldError | null {
  const { cron, timeZone, durationMinutes, from, until } = schedule;
  if (cronOf({ cron, timeZone }).nextRun(new Date(nowMs)) === null) {
    return wrong('cron', 'never occurs: choose a day that its months have');
  }
  const { shortest, longest } = minutesBetween(cron);
  if (durationMinutes > shortest) {
    return wrong(
      'durationMinutes',
      `must be at most ${shortest}: so soon may the next window of this cron begin`,
    );
  }
  if (durationMinutes >= longest) {
    const remedy = 'leaves no time between the windows: shorten them, or disable what is never to be told of';
    return wrong('durationMinutes', remedy);
  }
  if (from !== undefined && until !== undefined && Date.parse(until) <= Date.parse(from)) {
    return wrong('until', 'must be after "from"');
  }
  if (windowsFrom({ schedule }, nowMs, { count: 1 }).length === 0) {
    return wrong('until', 'must be later: no window would begin before it');
  }
  return null;
}

const MOST_RUNS = 1500;
const YEARS_MS = 40 * 366 * 86_400_000;

/**
 * The shortest and the longest time between two beginnings by the clock on the wall; in UTC, so that no change of the clocks is
 * among them. Looked at are as many beginnings as a day has minutes, and 40 years, in which every date meets every weekday.
 */
function minutesBetween(cron: string): { readonly shortest: number; readonly longest: number } {
  const start = Date.UTC(2028, 0, 1);
  let [shortest, longest] = [Number.POSITIVE_INFINITY, 0];
  let before: number | null = null;
  let runs = 0;
  for (const run of cronOf({ cron, timeZone: 'UTC' }).enumerate(new Date(start - 1))) {
    const at = run.getTime();
    if (before !== null) {
      shortest = Math.min(shortest, (at - before) / 60_000);
      longest = Math.max(longest, (at - before) / 60_000);
    }
    before = at;
    runs += 1;
    if (runs === MOST_RUNS || (runs > 2 && at > start + YEARS_MS)) break;
  }
  return { shortest, longest };
}
