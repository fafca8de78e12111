/** A cron of ours that is looked at minute by minute: what the library says is compared with it. */
export interface SlowCron {
  readonly minutes: Field;
  readonly hours: Field;
  readonly days: Field;
  readonly weekdays: Field;
}

/** Text of the field, its values (null: all of them), and whether it recurs within hours or days (`*` or a step). */
export interface Field {
  readonly text: string;
  readonly values: readonly number[] | null;
  readonly recurs: boolean;
}

const MINUTE_MS = 60_000;

export const cronText = ({ minutes, hours, days, weekdays }: SlowCron): string =>
  `${minutes.text} ${hours.text} ${days.text} * ${weekdays.text}`;

const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks on the wall of a zone show, as epoch minutes of a day in UTC. */
export function wallMinute(timeZone: string, atMs: number): number {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
    });
  formats.set(timeZone, format);
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'));
  return wall / MINUTE_MS;
}

/** Where the clock is never set by more. */
const LONGEST_CHANGE_MINUTES = 180;

/** Whether a window begins in this minute; see RecurringSchedule for the rules. */
export function beginsAt(cron: SlowCron, timeZone: string, atMs: number): boolean {
  const wall = wallMinute(timeZone, atMs);
  const before = wallMinute(timeZone, atMs - MINUTE_MS);
  const recurs = cron.minutes.recurs || cron.hours.recurs;
  if (recurs) return matches(cron, wall);
  const skipped = Array.from({ length: Math.max(0, wall - before - 1) }, (_, n) => before + 1 + n);
  if (skipped.some((minute) => sameDay(minute, wall) && matches(cron, minute))) return true;
  return matches(cron, wall) && !wasBefore(wall, timeZone, atMs);
}

function wasBefore(wall: number, timeZone: string, atMs: number): boolean {
  for (let ago = 1; ago <= LONGEST_CHANGE_MINUTES; ago += 1) {
    if (wallMinute(timeZone, atMs - ago * MINUTE_MS) === wall) return true;
  }
  return false;
}

const sameDay = (a: number, b: number): boolean => Math.floor(a / 1440) === Math.floor(b / 1440);

function matches({ minutes, hours, days, weekdays }: SlowCron, wall: number): boolean {
  const date = new Date(wall * MINUTE_MS);
  const has = ({ values }: Field, value: number): boolean => values === null || values.includes(value);
  if (!has(minutes, date.getUTCMinutes()) || !has(hours, date.getUTCHours())) return false;
  const [day, weekday] = [has(days, date.getUTCDate()), has(weekdays, date.getUTCDay())];
  // As in Vixie cron: where both are restricted, either is enough.
  return days.values !== null && weekdays.values !== null ? day || weekday : day && weekday;
}
