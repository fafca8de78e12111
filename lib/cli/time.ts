import * as z from 'zod/mini';
import { UsageError } from '../local/usage-error.ts';

const SPANS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * `2h` from now on or back from now, or a time as the API takes it.
 * @param option - as it is called on the command line.
 * @throws UsageError
 */
export function timeIn(option: string, written: string, direction: 'ahead' | 'back'): string {
  const [, count, unit = ''] = /^(\d{1,4})([mhd])$/.exec(written) ?? [];
  const span = SPANS[unit];
  if (count !== undefined && span !== undefined) {
    const ms = Number(count) * span;
    return new Date(Date.now() + (direction === 'ahead' ? ms : -ms)).toISOString();
  }
  if (!z.iso.datetime({ offset: true }).safeParse(written).success) {
    throw new UsageError(`${option} ${written}: write 30m, 2h, 1d or a time such as 2026-01-31T12:00:00Z`);
  }
  return written;
}

/** `31 s`, `12 min`, `3.5 h`, `12 d`: how long, as a person would say it. */
export function spanOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(1).replace(/\.0$/, '')} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** `2026-01-31 12:00:05Z` */
export const clockOf = (at: string): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
