import type { Handshake } from '../outcome/outcome.ts';
import { now, sleep } from './clock.ts';

/** Share of the event loop's time that handshakes may take; above it their timings measure us. */
const TARGET_UTILISATION = 0.5;
/** Utilisation is looked at this often. */
const WINDOW_MS = 15;
/** A cold process begins with 250 TLS handshakes a second. */
const FIRST_GAP_MS = 4;
/** More than one loop can do: it is utilisation that bounds the pace. */
const SHORTEST_GAP_MS = 0.5;
const LONGEST_GAP_MS = 50;
/** Timers are whole ms: starts that fell due while one slept may follow at once, but no more than this many ms' worth. */
const CATCH_UP_MS = 2;

/** The loop's time that a try takes, as a share of a TLS handshake's (docs/performance.md). */
const SHARE: Readonly<Record<Handshake, number>> = { tcp: 1 / 8, tls: 1, http2: 1 };

/**
 * Spaces the starts of handshakes by what the process has left. Widens the gap when the loop was busier than the target, and
 * narrows it slowly otherwise; so it finds the pace of a whole core and of a Lambda's share of one alike.
 */
export class Pacer {
  #gapMs = FIRST_GAP_MS;
  #due = 0;
  #queue: Promise<void> = Promise.resolve();
  #window = performance.eventLoopUtilization();
  #windowAt = now();

  /** Resolves when the next handshake may start, in the order of the calls. */
  turn(handshake: Handshake): Promise<void> {
    this.#queue = this.#queue.then(() => this.#next(SHARE[handshake]));
    return this.#queue;
  }

  /** The present gap between two starts of TLS handshakes, in ms. */
  get gapMs(): number {
    return this.#gapMs;
  }

  async #next(share: number): Promise<void> {
    this.#adapt();
    const at = now();
    const start = Math.max(this.#due, at - CATCH_UP_MS);
    this.#due = start + share * this.#gapMs;
    if (start > at) await sleep(start - at);
  }

  #adapt(): void {
    const at = now();
    if (at - this.#windowAt < WINDOW_MS) return;
    const { utilization } = performance.eventLoopUtilization(this.#window);
    this.#window = performance.eventLoopUtilization();
    this.#windowAt = at;
    const factor = utilization > TARGET_UTILISATION ? 1 + (utilization - TARGET_UTILISATION) : 0.9;
    this.#gapMs = Math.min(LONGEST_GAP_MS, Math.max(SHORTEST_GAP_MS, this.#gapMs * factor));
  }
}
