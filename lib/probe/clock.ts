const TICK_MS = 2;
/** Lateness below this is the granularity of timers, not a stall. */
const STALL_MS = 1.5;
const REMEMBERED_STALLS = 128;

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
    // Sockets are served before the timer that would have noticed the stall they waited in.
    const unnoticed = { from: this.#lastTick + TICK_MS + STALL_MS, to: now() };
    let sum = overlapMs(unnoticed, from, to);
    for (let index = this.#stalls.length - 1; index >= 0; index -= 1) {
      const stall = this.#stalls[index];
      if (!stall || stall.to <= from) break;
      sum += overlapMs(stall, from, to);
    }
    return sum;
  }

  /** Whether a duration between two monotonic times may be our own loop's: over 5 ms of it, or a tenth and over 1 ms. */
  spoils(from: number, to: number): boolean {
    const stalled = this.stalledMs(from, to);
    return stalled > 5 || (stalled > 1 && stalled > (to - from) / 10);
  }
}

export const loopWatch = new LoopWatch();
