import { groupOf } from '../../lib/queue/message.ts';
import { parseJudgeMessage, parseProbeMessage } from '../../lib/queue/parse.ts';
import type { JudgeSend, ProbeSend } from '../../lib/queue/queues.ts';

/** As the stacks set them. */
const VISIBILITY_MS = { probe: 270_000, judge: 60_000 } as const;
const RECEIVES = { probe: 5, judge: 3 } as const;
const DEDUPLICATION_MS = 300_000;
const LONGEST_DELAY_MS = 900_000;

export interface Delivery {
  readonly to: 'probe' | 'judge';
  /** Whose probe queue; the home region for the judge's. */
  readonly region: string;
  readonly body: string;
  /** In the order of sending. */
  readonly number: number;
  dueMs: number;
  receives: number;
}

/** What standard queues may do to messages, done to all of them. */
export interface Disorder {
  /** Every message arrives twice, the second time as if for the first. */
  readonly twice: boolean;
  /** Messages due within each such span arrive at its end, the last one first. 0: in order. */
  readonly reversedWithinMs: number;
}

const ORDER: Disorder = { twice: false, reversedWithinMs: 0 };

/** The queues, on a clock that is given to them: delays, visibility, receives, deduplication, message groups. */
export class FlowMail {
  disorder: Disorder = ORDER;
  /** The probe queue of this region delivers nothing until then. */
  held: { readonly region: string; readonly untilMs: number } | null = null;
  /** The judge's queue delivers nothing until then. */
  judgeHeldUntilMs = 0;
  readonly #home: string;
  readonly #seen = new Map<string, number>();
  /** A judge message that failed keeps the others of its group waiting until it is back. */
  readonly #blocked = new Map<string, { readonly by: Delivery; readonly untilMs: number }>();
  #waiting: Delivery[] = [];
  #sent = 0;

  constructor(home: string) {
    this.#home = home;
  }

  get waiting(): readonly Delivery[] {
    return this.#waiting;
  }

  /** To the ms, where SQS has whole seconds: the prober would wait for the rest on the real clock. */
  sendProbe(region: string, sends: readonly ProbeSend[], nowMs: number): void {
    for (const { message, dueMs } of sends) {
      const due = Math.min(nowMs + LONGEST_DELAY_MS, Math.max(nowMs, dueMs ?? nowMs));
      const until = this.held?.region === region ? this.held.untilMs : 0;
      this.#put('probe', region, message, Math.max(due, until));
    }
  }

  sendJudge(sends: readonly JudgeSend[], nowMs: number): void {
    for (const { message, deduplicationId } of sends) {
      const id = `${groupOf(message)} ${deduplicationId}`;
      const before = this.#seen.get(id);
      if (before !== undefined && nowMs - before < DEDUPLICATION_MS) continue;
      this.#seen.set(id, nowMs);
      this.#put('judge', this.#home, message, Math.max(nowMs, this.judgeHeldUntilMs));
    }
  }

  /** When the next message is due; null: none is waiting. */
  nextDueMs(): number | null {
    this.#sort();
    return this.#waiting[0]?.dueMs ?? null;
  }

  /** Takes the next message; null when its group has to wait. */
  take(): Delivery | null {
    this.#sort();
    const next = this.#waiting.shift();
    if (!next) return null;
    const group = groupOfDelivery(next);
    const block = group === null ? undefined : this.#blocked.get(group);
    if (block && block.by !== next && block.untilMs > next.dueMs) {
      next.dueMs = block.untilMs;
      this.#waiting.push(next);
      return null;
    }
    if (group !== null && block?.by === next) this.#blocked.delete(group);
    next.receives += 1;
    return next;
  }

  /** An invocation did not acknowledge: the message comes again, unless it has come too often. */
  again(delivery: Delivery, nowMs: number): void {
    if (delivery.receives >= RECEIVES[delivery.to]) return;
    delivery.dueMs = nowMs + VISIBILITY_MS[delivery.to];
    const group = groupOfDelivery(delivery);
    if (group !== null) this.#blocked.set(group, { by: delivery, untilMs: delivery.dueMs });
    this.#waiting.push(delivery);
  }

  #put(to: Delivery['to'], region: string, message: unknown, dueMs: number): void {
    const { twice, reversedWithinMs: span } = this.disorder;
    const due = span > 0 ? Math.ceil(dueMs / span) * span : dueMs;
    const body = JSON.stringify(message);
    for (let copy = 0; copy < (twice ? 2 : 1); copy += 1) {
      this.#sent += 1;
      this.#waiting.push({ to, region, body, number: this.#sent, dueMs: due, receives: 0 });
    }
  }

  #sort(): void {
    const way = this.disorder.reversedWithinMs > 0 ? -1 : 1;
    this.#waiting.sort((a, b) => a.dueMs - b.dueMs || way * (a.number - b.number));
  }
}

function groupOfDelivery({ to, body }: Delivery): string | null {
  return to === 'judge' ? groupOf(parseJudgeMessage(body)) : null;
}

/** What a delivery says, checked as the functions check it. */
export function messageOf({ to, body }: Delivery) {
  return to === 'judge' ? parseJudgeMessage(body) : parseProbeMessage(body);
}
