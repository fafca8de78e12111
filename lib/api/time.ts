import * as z from 'zod/mini';

/** A time as RFC 3339 writes it, with any offset. */
export const time = z.iso.datetime({ offset: true });

/** A time as the API answers it: RFC 3339 UTC with milliseconds. */
export const answeredTime = z.iso.datetime({ precision: 3 });

/** Epoch ms; null when the text is not such a time. A "+" that a query string turned into a space is understood. */
export function parseTime(text: string): number | null {
  const mended = text.replace(/ (?=\d\d:\d\d$)/, '+');
  if (!time.safeParse(mended).success) return null;
  const epochMs = Date.parse(mended);
  return Number.isNaN(epochMs) || epochMs < 0 ? null : epochMs;
}
