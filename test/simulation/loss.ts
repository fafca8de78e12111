import type { Handshake } from '../../lib/outcome/outcome.ts';
import type { Fate } from '../support/tries.ts';
import type { Chance } from './chance.ts';

/** A path that loses packets, now more, now less (Gilbert and Elliott's two states). */
export interface Loss {
  /** The share of packets lost each way in the good state, and in the bad one. */
  readonly good: number;
  readonly bad: number;
  /** The share of time in the bad state, and how long it lasts on average. */
  readonly badShare: number;
  readonly badMs: number;
}

/** The same loss all the time. */
export function steady(loss: number): Loss {
  return { good: loss, bad: loss, badShare: 0, badMs: 1 };
}

/** Half of what is sent gets lost in bursts, little in between, and this much on average. */
export function bursts(average: number, badMs: number): Loss {
  const good = average / 5;
  return { good, bad: 0.5, badShare: (average - good) / (0.5 - good), badMs };
}

/** A SYN is sent again after 1 s and 3 s (RFC 6298 section 2.1): three within the 4.5 s of lib/probe/limits.ts. */
const SYN_MS: readonly number[] = [0, 1_000, 3_000];
/** Later segments: Linux's least RTO of 200 ms (TCP_RTO_MIN), doubled each time, within the 3 to 5 s that a stage has. */
const SEGMENT_MS: readonly number[] = [0, 200, 600, 1_400];
/** Round trips that must come off: ClientHello to Finished; and SETTINGS for HTTP/2. */
const EXCHANGES: Readonly<Record<Handshake, number>> = { tcp: 0, tls: 2, http2: 3 };

/** How likely each state is, together with all that has happened before. */
interface States {
  readonly good: number;
  readonly bad: number;
}

/** One way for a try to fail: at this stage, its last packet sent this long after it began. */
interface Failure {
  readonly fate: Fate;
  readonly lastMs: number;
  readonly states: States;
}

const massOf = ({ good, bad }: States): number => good + bad;

/** One path, with the state it was last seen in. */
export class Path {
  /** How likely a try is to fail when nothing is known of the moment. */
  readonly failing: number;
  readonly #loss: Loss;
  readonly #chance: Chance;
  readonly #stages: readonly (readonly number[])[];
  readonly #failures: readonly Failure[];
  #seen: { readonly at: number; readonly bad: boolean } | null = null;

  constructor(loss: Loss, handshake: Handshake, chance: Chance) {
    this.#loss = loss;
    this.#chance = chance;
    this.#stages = [SYN_MS, ...Array.from({ length: EXCHANGES[handshake] }, () => SEGMENT_MS)];
    const { badShare } = loss;
    this.#failures = this.#failuresFrom(0, 0, { good: 1 - badShare, bad: badShare });
    this.failing = this.#failures.reduce((sum, { states }) => sum + massOf(states), 0);
  }

  /** How a try ends that begins now, packet by packet. */
  climb(at: number): Fate {
    let time = at;
    for (const [stage, times] of this.#stages.entries()) {
      const answered = times.find((after) => !this.#isLost(time + after));
      if (answered === undefined) return fateAt(stage);
      time += answered;
    }
    return 'pass';
  }

  /** How a try ends that begins now and is known to fail. */
  fail(at: number): Fate {
    let left = this.#chance.next() * this.failing;
    const failure =
      this.#failures.find(({ states }) => {
        left -= massOf(states);
        return left < 0;
      }) ?? this.#failures[0];
    if (!failure) return 'filtered';
    const { fate, lastMs, states } = failure;
    this.#seen = { at: at + lastMs, bad: this.#chance.happens(states.bad / massOf(states)) };
    return fate;
  }

  #isLost(at: number): boolean {
    const { badShare } = this.#loss;
    const likely = this.#seen
      ? this.#badLater(this.#seen.bad ? 1 : 0, Math.max(0, at - this.#seen.at))
      : badShare;
    const bad = this.#chance.happens(likely);
    this.#seen = { at, bad };
    return this.#chance.happens(this.#lostIn(bad));
  }

  #badLater(bad: number, ms: number): number {
    const { badShare, badMs } = this.#loss;
    return badShare + (bad - badShare) * Math.exp(-ms / (badMs * (1 - badShare)));
  }

  /** Of a packet and its answer. */
  #lostIn(bad: boolean): number {
    return 1 - (1 - (bad ? this.#loss.bad : this.#loss.good)) ** 2;
  }

  /** All the ways to fail at this stage or a later one, when it begins at this time in these states. */
  #failuresFrom(stage: number, beginMs: number, begin: States): readonly Failure[] {
    const times = this.#stages[stage];
    if (!times) return [];
    const failures: Failure[] = [];
    let states = begin;
    let before = 0;
    for (const time of times) {
      const mass = massOf(states);
      const bad = mass > 0 ? this.#badLater(states.bad / mass, time - before) * mass : 0;
      const good = mass - bad;
      const answered = { good: good * (1 - this.#lostIn(false)), bad: bad * (1 - this.#lostIn(true)) };
      failures.push(...this.#failuresFrom(stage + 1, beginMs + time, answered));
      states = { good: good * this.#lostIn(false), bad: bad * this.#lostIn(true) };
      before = time;
    }
    return [{ fate: fateAt(stage), lastMs: beginMs + before, states }, ...failures];
  }
}

/** A lost answer to a SYN is silence; later ones stall what has begun to talk. */
function fateAt(stage: number): Fate {
  return stage === 0 ? 'filtered' : 'stalled';
}
