import * as z from 'zod/mini';
import type { AlertEvent } from '../local/event.ts';

const emailText = z.object({ text: z.string() });

/** How many lines of an alert's text are shown. */
const TEXT_LINES = 12;

/** An alert as lines: time and subject, then the beginning of the text. The other formats say the same to machines. */
export function alertLines({ topic, at, subject, alert }: AlertEvent): readonly string[] {
  const parsed = topic === 'email' ? emailText.safeParse(alert) : undefined;
  if (!parsed?.success) return [];
  const lines = parsed.data.text.trimEnd().split('\n');
  const shown = lines.slice(0, TEXT_LINES).map((line) => `  ${line}`.trimEnd());
  return [`${clock(at)} ${subject ?? ''}`, ...shown, ...(lines.length > TEXT_LINES ? ['  …'] : [])];
}

/** `03:12:05`, UTC. */
export function clock(at: string): string {
  return new Date(at).toISOString().slice(11, 19);
}
