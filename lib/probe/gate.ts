import type { Handshake } from '../outcome/outcome.ts';
import { now, sleep } from './clock.ts';
import { ADDRESS_SPACING_MS } from './limits.ts';
import { Pacer } from './pace.ts';

/** When one address may be tried next, after all who wait for it already. */
interface Lane {
  queue: Promise<unknown>;
  waiting: number;
  last: number;
}

const MANY_LANES = 4096;

/** Lets tries start: paced as a whole, and spaced per address. Remembers between groups, since a peer does. */
export class Gate {
  readonly #pacer = new Pacer();
  readonly #lanes = new Map<string, Lane>();
  /** Between two tries to one address. */
  readonly spacingMs: number;

  constructor(spacingMs: number = ADDRESS_SPACING_MS) {
    this.spacingMs = spacingMs;
  }

  /**
   * Resolves with true when a try to the address may start now, with false when it could not before `giveUpAt` (monotonic).
   */
  pass(address: string, handshake: Handshake, giveUpAt: number): Promise<boolean> {
    this.#forget();
    const lane = this.#lanes.get(address) ?? { queue: Promise.resolve(), waiting: 0, last: -Infinity };
    this.#lanes.set(address, lane);
    lane.waiting += 1;
    const turn = lane.queue.then(async () => {
      try {
        const free = lane.last + this.spacingMs;
        if (Math.max(free, now()) > giveUpAt) return false;
        if (free > now()) await sleep(Math.ceil(free - now()));
        await this.#pacer.turn(handshake);
        lane.last = now();
        return true;
      } finally {
        lane.waiting -= 1;
      }
    });
    lane.queue = turn;
    return turn;
  }

  #forget(): void {
    if (this.#lanes.size < MANY_LANES) return;
    const old = now() - this.spacingMs;
    for (const [address, lane] of this.#lanes) {
      if (lane.waiting === 0 && lane.last < old) this.#lanes.delete(address);
    }
  }
}

/** The one gate of this process. */
export const gate = new Gate();
