import type { Sent } from './meter.ts';

export interface Letter {
  readonly to: 'probe' | 'judge';
  /** Whose probe queue. */
  readonly region: string;
  readonly body: string;
  /** Epoch ms. */
  readonly dueMs: number;
  /** `kind` of the message. */
  readonly kind: string;
  /** When it was due first. */
  readonly since: number;
}

const DEDUPLICATION_MS = 300_000;

/** The queues of a fleet, by the virtual clock: delays and deduplication. Nothing is delivered twice and no group waits. */
export class Mailbox {
  readonly #seen = new Map<string, number>();
  /** By the second due, so that hundreds of messages cost nothing to keep in order. */
  readonly #seconds = new Map<number, Letter[]>();
  put({ queueUrl, body, delaySeconds, group, deduplicationId }: Sent): void {
    const nowMs = Date.now();
    if (group !== null) {
      const id = `${group} ${deduplicationId}`;
      const before = this.#seen.get(id);
      if (before !== undefined && nowMs - before < DEDUPLICATION_MS) return;
      this.#seen.set(id, nowMs);
    }
    const message = JSON.parse(body) as { readonly kind: string; readonly dueMs?: number };
    // The prober waits for the part of a second that SQS cannot: on this clock nobody could.
    const dueMs = Math.max(
      nowMs + delaySeconds * 1000,
      Math.min(message.dueMs ?? 0, nowMs + (delaySeconds + 2) * 1000),
    );
    const region = new URL(queueUrl).hostname.split('.')[1] ?? '';
    const to = group === null ? 'probe' : 'judge';
    this.#keep({ to, region, body, dueMs, kind: message.kind, since: dueMs });
  }

  /** Nobody takes it before then. */
  wait(letter: Letter, dueMs: number): void {
    this.#keep({ ...letter, dueMs });
  }

  #keep(letter: Letter): void {
    const second = Math.ceil(letter.dueMs / 1000);
    const letters = this.#seconds.get(second) ?? [];
    this.#seconds.set(second, letters);
    letters.push(letter);
  }

  /** The next second in which something is due; null: nothing is. */
  nextSecond(): number | null {
    let next: number | null = null;
    for (const second of this.#seconds.keys()) if (next === null || second < next) next = second;
    return next;
  }

  /** Takes what is due in a second, by the ms. */
  take(second: number): Letter[] {
    const letters = this.#seconds.get(second) ?? [];
    this.#seconds.delete(second);
    return letters.sort((one, other) => one.dueMs - other.dueMs);
  }
}
