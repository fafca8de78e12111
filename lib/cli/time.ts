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
