import { START } from './tries.ts';

export interface SlotsOptions {
  readonly intervalMs: number;
  /** How far into the interval this region tries. */
  readonly offsetMs: number;
  readonly count: number;
  /** Nothing but prompt, passing tries before this; the time itself where that is not known. */
  readonly quietUntil: (atMs: number) => number;
  readonly wake: (atMs: number, number: number) => void;
  /** A quiet slot's round is in the table by now. */
  readonly pass: (atMs: number, number: number) => void;
}

/** A quiet slot's round can be read this long after its moment. */
const WRITTEN_AFTER_MS = 240;

/** A region's place in the interval is no whole number of ms: in parts of an interval. */
const ROUNDING = 1e-6;

/**
 * The slots of a region. Those that can only pass are not made one by one: their rounds are there when somebody reads, and the
 * others are woken in time.
 */
export class Slots {
  readonly #options: SlotsOptions;
  /** The slots before this are made, or nobody will read them any more. */
  #made = 0;
  /** The next that is woken; null: none is left. */
  #next: number | null = null;

  constructor(options: SlotsOptions) {
    this.#options = options;
  }

  /** Wakes the next slot from this number on that is not known to be quiet; with `all`, the next one. */
  plan(from: number, all: boolean): void {
    const { quietUntil, count, intervalMs, offsetMs, wake } = this.#options;
    const quiet = all ? 0 : quietUntil(this.#momentOf(from)) - START - offsetMs;
    const number = Math.max(from, Math.ceil(quiet / intervalMs - ROUNDING));
    this.#next = number < count ? number : null;
    if (this.#next !== null) wake(this.#momentOf(number), number);
  }

  /** Something fails here: every slot from now on counts. Returns the number of the slot that now lies in. */
  rouse(now: number): number {
    const { intervalMs, offsetMs } = this.#options;
    const present = Math.floor((now - START - offsetMs) / intervalMs + ROUNDING);
    if (this.#next === null || this.#next > present + 1) {
      this.read(now, now - intervalMs);
      this.plan(Math.max(present + 1, this.#made), true);
    }
    return present;
  }

  /** Whether the slot that was woken is the one to make; then it counts as made. */
  take(now: number, number: number): boolean {
    if (number !== this.#next) return false;
    this.read(now, now - 5 * this.#options.intervalMs - 180_000);
    this.#made = number + 1;
    return true;
  }

  /** Has the rounds of the quiet slots of this time written. */
  read(now: number, since: number): void {
    const { intervalMs, offsetMs, pass } = this.#options;
    const first = Math.ceil((since - START - offsetMs) / intervalMs - ROUNDING);
    for (let number = Math.max(this.#made, first); number !== this.#next; number += 1) {
      if (this.#momentOf(number) + WRITTEN_AFTER_MS > now) return;
      pass(this.#momentOf(number), number);
      this.#made = number + 1;
    }
  }

  #momentOf(number: number): number {
    return START + number * this.#options.intervalMs + this.#options.offsetMs;
  }
}
