import { signal } from '@preact/signals';

/** Epoch ms, as far as shown ages need it. */
export const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1000);

const DAY_MS = 86_400_000;

/** `03:12:05 UTC`, with its day where that is not today. */
export function utc(at: string | number, seconds = true): string {
  const text = new Date(at).toISOString();
  const day = text.slice(0, 10);
  const time = text.slice(11, seconds ? 19 : 16);
  return day === new Date().toISOString().slice(0, 10) ? `${time} UTC` : `${day} ${time} UTC`;
}

/** `45 s`, `12 min`, `3 h 20 min`, `4 d`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (ms < 2 * DAY_MS)
    return minutes % 60 === 0 || hours >= 10 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.round(ms / DAY_MS)} d`;
}

/** Three figures are all that is worth a look: `0.21`, `1.9`, `23`, `140`. */
export function milliseconds(value: number): string {
  if (value < 1) return value.toFixed(2);
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

/** A time in UTC, and how long ago that is. */
export function Time({ at, age = true }: { readonly at: string; readonly age?: boolean }) {
  return (
    <time dateTime={at} title={at}>
      {utc(at)}
      {age && <span class="dim"> ({ago(at)})</span>}
    </time>
  );
}

export function Ago({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={at}>
      {ago(at)}
    </time>
  );
}

function ago(at: string): string {
  const ms = now.value - Date.parse(at);
  return ms < -1500 ? `in ${duration(-ms)}` : `${duration(ms)} ago`;
}
