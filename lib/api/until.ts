import type * as z from 'zod/mini';
import { type FieldError, fieldErrors } from '../endpoint/field-error.ts';
import { badFields } from './problem.ts';
import { parseTime } from './time.ts';

const DAY_MS = 86_400_000;

/** What is said of an `until` that is no time, is past or too far ahead. */
export const untilTold = (maxDays: number): string =>
  `until must be an RFC 3339 time in the future, at most ${maxDays} days ahead, such as 2026-01-31T12:00:00Z`;

/**
 * A body with an `until`: the fields as they were sent, and the time in epoch ms (null: none is given).
 * @throws Problem that names everything that is wrong with it, an `until` that cannot be beside the fields.
 */
export function withUntil<T extends { readonly until?: string | undefined }>(
  schema: z.ZodMiniObject & z.ZodMiniType<T>,
  body: Readonly<Record<string, unknown>>,
  { nowMs, maxDays }: { readonly nowMs: number; readonly maxDays: number },
): { readonly said: T; readonly untilMs: number | null } {
  const parsed = schema.safeParse(body);
  const { until } = body;
  const untilMs = typeof until === 'string' ? parseTime(until) : null;
  const isWrong =
    until !== undefined && (untilMs === null || untilMs <= nowMs || untilMs > nowMs + maxDays * DAY_MS);
  const wrong: readonly FieldError[] = isWrong ? [{ pointer: '#/until', message: untilTold(maxDays) }] : [];
  if (parsed.success && wrong.length === 0) return { said: parsed.data, untilMs };
  const errors = parsed.success ? [] : fieldErrors(parsed.error, Object.keys(schema.shape));
  throw badFields([...errors.filter(({ pointer }) => pointer !== '#/until' || !isWrong), ...wrong]);
}
