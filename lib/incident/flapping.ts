import type { Incident } from './state.ts';

/** The third opening within this long, or three intervals, is flapping. */
const WINDOW_MS = 30 * 60_000;
const OPENINGS = 3;
/** … and stays so until its verdict has held for this long. */
const HELD_MS = 10 * 60_000;

/** The openings that count, with the one now. */
export function openingsWith(
  openings: readonly number[],
  now: number,
  intervalSeconds: number,
): readonly number[] {
  const windowMs = Math.max(WINDOW_MS, 3 * intervalSeconds * 1000);
  return [...openings.filter((at) => now - at < windowMs), now].slice(-OPENINGS);
}

export function isFlapping(openings: readonly number[]): boolean {
  return openings.length >= OPENINGS;
}

/** Whether what the regions say has been the same for long enough to be believed of a flapping endpoint. */
export function hasHeld(incident: Incident, now: number): boolean {
  return now >= heldUntil(incident);
}

/** By when a flapping incident settles, if nothing changes: it is over then, or told as it is; null: it does not flap. */
export function settlesAt(incident: Incident): number | null {
  return incident.flapping && incident.endedAt === null ? heldUntil(incident) : null;
}

/** When that is so, if nothing changes. */
export function heldUntil({ heldSince }: Incident): number {
  return heldSince + HELD_MS;
}
