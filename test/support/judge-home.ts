import { deepStrictEqual } from 'node:assert';
import { unknownAfterMs } from '../../lib/endpoint/cohort.ts';
import type { Endpoint } from '../../lib/endpoint/endpoint.ts';
import { tagOf } from '../../lib/endpoint/tag.ts';
import {
  dropFinished,
  type JudgeResult,
  judge,
  markAsked,
  markCopied,
  markTold,
  nextVersion,
  type Orders,
} from '../../lib/incident/judge.ts';
import type { Acknowledgement, EndpointState, Incident, Transition } from '../../lib/incident/state.ts';
import { isConclusive, type Observation } from '../../lib/round/observation.ts';

/** The steps of the judge after which it may die. */
export type Step = 'judge' | 'save' | 'ask' | 'tell';

export interface HomeOptions {
  readonly regions: readonly string[];
  readonly endpoint: (atMs: number) => Endpoint;
  readonly mutedUntil: (atMs: number) => number | null;
  readonly acknowledgement: (atMs: number) => Acknowledgement | null;
  readonly remindEveryMs: number | null;
  readonly dies: (step: Step) => boolean;
  readonly ask: (now: number, region: string, orders: Orders) => void;
  /** The message is delivered again. */
  readonly again: (now: number) => void;
  /** Has written what nobody had to know until somebody reads. */
  readonly reading: (now: number, since: number) => void;
  /** Judges everything twice and remembers what was known when. */
  readonly thorough: boolean;
}

class Died extends Error {}

/** The judge with its table and its topic: reads, judges, saves, asks and tells in the order of the deployed one. */
export class Home {
  /** As published: twice where the judge died between publishing and marking. */
  readonly told: Transition[] = [];
  /** The newest conclusive try of each region when a transition was decided, by `dedupKey#sequence`. */
  readonly newestWhenDecided = new Map<string, ReadonlyMap<string, Observation>>();
  readonly incidents = new Map<string, Incident>();
  readonly attention = new Map<string, ReadonlySet<number>>();
  state: EndpointState | null = null;
  wakeAt: number | null = null;
  saves = 0;
  calls = 0;
  readonly #written = new Map<string, Observation[]>();
  readonly #options: HomeOptions;

  constructor(options: HomeOptions) {
    this.#options = options;
  }

  write(region: string, observations: readonly Observation[]): void {
    const written = this.#written.get(region) ?? [];
    written.push(...observations);
    this.#written.set(region, written);
  }

  /** Whether everything passes and nothing is suspected, open or untold: judging passing tries would change nothing. */
  get isQuiet(): boolean {
    if (!this.state) return false;
    const { suspicion, incident, silentSince, outbox, uncopied, regions } = this.state;
    const busy = suspicion ?? incident ?? silentSince;
    if (busy !== null || outbox.length + uncopied.length + this.attention.size > 0) return false;
    return this.#options.regions.every((region) => regions[region]?.state === 'passing');
  }

  judge(now: number): void {
    try {
      this.#judge(now);
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      this.#options.again(now);
    }
  }

  #judge(now: number): void {
    const { regions, endpoint: endpointAt, mutedUntil, remindEveryMs, thorough } = this.#options;
    this.calls += 1;
    const endpoint = endpointAt(now);
    const tag = tagOf(endpoint);
    const observations = this.#read(endpoint, now);
    const quiet = { mutedUntil: mutedUntil(now), acknowledgement: this.#options.acknowledgement(now) };
    const input = { endpoint, tag, deployedRegions: regions, observations, now, remindEveryMs, ...quiet };
    const result = judge({ ...input, state: this.state });
    // Judging again what has just been judged adds nothing: so every redelivery is tried, everywhere.
    if (thorough) deepStrictEqual(judge({ ...input, state: result.state }).state, result.state);
    for (const { transition } of result.state.outbox) {
      if (!thorough || transition.at !== now) continue;
      this.newestWhenDecided.set(`${transition.dedupKey}#${transition.sequence}`, newestOf(observations));
    }
    this.#live('judge');
    for (const region of result.attention) this.attention.set(region, new Set([tag]));
    const saved = result.changed ? this.#save(result.state) : result.state;
    this.#live('save');
    this.wakeAt = result.wakeAt;
    this.#tell(this.#ask(saved, result, now));
    for (const region of regions) if (!result.attention.has(region)) this.attention.delete(region);
  }

  #ask(state: EndpointState, { orders }: JudgeResult, now: number): EndpointState {
    if (!orders) return state;
    for (const region of orders.regions) this.#options.ask(now, region, orders);
    this.#live('ask');
    return this.#save(markAsked(state, now));
  }

  #tell(judged: EndpointState): void {
    for (const incident of judged.uncopied) this.incidents.set(incident.id, incident);
    const copied = judged.uncopied.map(({ id }) => id);
    let state = markCopied(judged, copied);
    for (const { transition, told } of judged.outbox) {
      if (told.includes('json')) continue;
      this.told.push(transition);
      this.#live('tell');
      state = this.#save(markTold(state, transition, 'json'));
    }
    const finished = dropFinished(state, ['json']);
    if (finished.outbox !== judged.outbox || finished.uncopied !== judged.uncopied) this.#save(finished);
  }

  #live(step: Step): void {
    if (this.#options.dies(step)) throw new Died(step);
  }

  #save(state: EndpointState): EndpointState {
    if (state.version !== (this.state?.version ?? 0)) throw new Error('saved over another version');
    this.saves += 1;
    this.state = nextVersion(state);
    return this.state;
  }

  #read(endpoint: Endpoint, now: number): ReadonlyMap<string, readonly Observation[]> {
    const since = now - unknownAfterMs(endpoint.intervalSeconds) - endpoint.intervalSeconds * 1000;
    const tag = tagOf(endpoint);
    this.#options.reading(now, since);
    const read = new Map<string, readonly Observation[]>();
    for (const [region, all] of this.#written) {
      const recent = all.filter((one) => one.at >= since);
      this.#written.set(region, recent);
      read.set(
        region,
        recent.filter((one) => one.tag === tag),
      );
    }
    return read;
  }
}

function newestOf(
  observations: ReadonlyMap<string, readonly Observation[]>,
): ReadonlyMap<string, Observation> {
  const newest = new Map<string, Observation>();
  for (const [region, all] of observations) {
    for (const one of all) {
      if (isConclusive(one) && one.at >= (newest.get(region)?.at ?? 0)) newest.set(region, one);
    }
  }
  return newest;
}
