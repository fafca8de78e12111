/** `31 s`, `7 min`, `3 h 5 min`, `2 d 4 h`; never rounded up. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `03:12:05`, with the date in front when it is not that of `today`. */
export function clock(ms: number, today: number): string {
  const [date, time] = new Date(ms).toISOString().slice(0, 19).split('T');
  return new Date(today).toISOString().startsWith(`${date}T`) ? `${time}` : `${date} ${time}`;
}

/** RFC 3339 UTC with milliseconds. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}
