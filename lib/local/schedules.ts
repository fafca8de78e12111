import type { LocalSchedule } from './resources/kind.ts';

const MINUTE_MS = 60_000;

export interface RunningSchedules {
  /** Fires all for the minute before and for this one: what is planned a minute ahead is then planned for now as well. */
  fireNow(): void;
  close(): void;
}

/**
 * Fires each schedule at the minutes it names, by the wall clock. Minutes missed while the machine slept are not made up
 * for: the scheduled time would be of the past, and the sweep finds what was missed.
 */
export function startSchedules(
  schedules: readonly LocalSchedule[],
  trouble: (what: string, error: unknown) => void,
): RunningSchedules {
  let timer: NodeJS.Timeout;
  const fire = async (minuteMs: number, which: readonly LocalSchedule[]): Promise<void> => {
    // RFC 3339 without fractions, as EventBridge Scheduler writes it.
    const scheduledTime = new Date(minuteMs).toISOString().replace('.000Z', 'Z');
    await Promise.all(
      which.map((schedule) =>
        schedule.function
          .invoke(schedule.event(scheduledTime))
          .catch((error: unknown) => trouble(`${schedule.function.settings.name} failed`, error)),
      ),
    );
  };
  const thisMinute = (): number => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const wait = (next: number): void => {
    timer = setTimeout(
      () => {
        // A timer may come a little early by the wall clock.
        const due = Date.now() >= next;
        if (due) {
          const minute = Math.max(next, thisMinute());
          void fire(
            minute,
            schedules.filter(({ everyMinutes }) => (minute / MINUTE_MS) % everyMinutes === 0),
          );
        }
        wait(due ? thisMinute() + MINUTE_MS : next);
      },
      Math.max(1, next - Date.now()),
    );
  };
  wait(thisMinute() + MINUTE_MS);
  return {
    fireNow() {
      const now = thisMinute();
      // One after the other: side by side they would want a process each.
      void fire(now - MINUTE_MS, schedules).then(() => fire(now, schedules));
    },
    close: () => clearTimeout(timer),
  };
}
