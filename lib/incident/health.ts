/**
 * The newest signs of a region's health that agree, as its probers noted them. Unhealthy is a sign that most of the controls failed;
 * healthy, that most of them passed, or that an endpoint was reached. Times are epoch ms.
 */
export interface Health {
  readonly healthy: boolean;
  /** The first sign since the last contrary one. */
  readonly since: number;
  /** The newest sign. */
  readonly at: number;
}

/** Two signs that are closer than this may have one cause: a packet lost, a moment's trouble. As for an endpoint's tries. */
const APART_MS = 5_000;

/** The second look falls due a little later than it has to be, so that rounding cannot bring it too early. */
const SECOND_LOOK_MS = APART_MS + 50;

/** A region that is unhealthy is looked at again once its newest sign is this old: each minute, with the watchdog. */
const LOOK_EVERY_MS = 45_000;

/** One healthy sign is enough when no contrary one has come for this long. */
const HELD_MS = 60_000;

/** Whether there are two signs far enough apart, and none to the contrary between them. */
export function isConfirmed({ since, at }: Health): boolean {
  return at - since >= APART_MS;
}

/** Whether a region that was unhealthy is so no more. */
export function isRecovered(health: Health, now: number): boolean {
  return health.healthy && (isConfirmed(health) || now - health.since >= HELD_MS);
}

/**
 * When the controls are to be tried again whatever the endpoints' intervals are; null: not now.
 *
 * @param known - whether the region is known to be unhealthy already.
 */
export function lookDueMs(health: Health, known: boolean, now: number): number | null {
  if (health.healthy && (!known || isRecovered(health, now))) return null;
  if (!isConfirmed(health)) return Math.max(now, health.since + SECOND_LOOK_MS);
  return now - health.at >= LOOK_EVERY_MS ? now : null;
}
