const TICK_MS = 1;
/** Lateness below this is the granularity of timers, not a stall. */
const STALL_MS = 0.5;
const REMEMBERED_STALLS = 1024;

/**
 * What spoils a timing, found by comparing the prober's TLS timings with the times of the packets themselves: an answer mostly
 * waits for the loop at a phase's end, so what counts is how long the loop stood still in the last 5 ms. A single longer
 * stall before that may have held up an answer in between.
 */
const SPOILS = { endMs: 5, atEndMs: 2, atEndOfShortMs: 1, shareOfShort: 0.1, beforeMs: 5 } as const;

/** Monotonic ms. */
export const now = (): number => performance.now();

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Calls back after `ms`, but first lets the loop turn once: after a stall the timer fires before the sockets are read, and
 * an answer that lies in the kernel already would be reported as silence.
 *
 * @returns cancels it.
 */
export function deadline(ms: number, late: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(
    () => {
      immediate = setImmediate(late);
    },
    Math.max(0, ms),
  );
  return () => {
    clearTimeout(timer);
    if (immediate) clearImmediate(immediate);
  };
}

interface Stall {
  readonly from: number;
  readonly to: number;
}

const overlapMs = (stall: Stall, from: number, to: number): number =>
  Math.max(0, Math.min(stall.to, to) - Math.max(stall.from, from));

/** Notices when the event loop did not turn, while at least one user holds it. */
export class LoopWatch {
  readonly #stalls: Stall[] = [];
  #users = 0;
  #lastTick = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @returns releases it. */
  hold(): () => void {
    this.#users += 1;
    if (this.#users === 1) {
      this.#lastTick = now();
      this.#timer = setInterval(() => this.#tick(), TICK_MS);
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#users -= 1;
      if (this.#users === 0) clearInterval(this.#timer);
    };
  }

  #tick(): void {
    const at = now();
    const late = at - this.#lastTick - TICK_MS;
    if (late > STALL_MS) {
      this.#stalls.push({ from: this.#lastTick + TICK_MS, to: at });
      if (this.#stalls.length > REMEMBERED_STALLS) this.#stalls.shift();
    }
    this.#lastTick = at;
  }

  /** How long the loop stood still between two monotonic times, in ms. */
  stalledMs(from: number, to: number): number {
    return this.#since(from).reduce((sum, stall) => sum + overlapMs(stall, from, to), 0);
  }

  /** What has not ended before a time, the newest last. */
  #since(from: number): readonly Stall[] {
    let first = this.#stalls.length;
    while (first > 0 && (this.#stalls[first - 1]?.to ?? from) > from) first -= 1;
    // Sockets are served before the timer that would have noticed the stall they waited in.
    const unnoticed = { from: this.#lastTick + TICK_MS + STALL_MS, to: now() };
    return [...this.#stalls.slice(first), unnoticed];
  }

  /**
   * Whether a duration between two monotonic times may be our own loop's: that stood still for over 2 ms of the last 5, or for
   * over 1 ms and a tenth of the duration, or for over 5 ms at once.
   */
  spoils(from: number, to: number): boolean {
    const atEnd = this.stalledMs(Math.max(from, to - SPOILS.endMs), to);
    if (atEnd > SPOILS.atEndMs) return true;
    if (atEnd > SPOILS.atEndOfShortMs && atEnd > SPOILS.shareOfShort * (to - from)) return true;
    return this.#since(from).some((stall) => overlapMs(stall, from, to) > SPOILS.beforeMs);
  }
}

export const loopWatch = new LoopWatch();
