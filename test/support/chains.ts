import { type Again, newestByTag } from '../../lib/round/news.ts';
import type { Observation } from '../../lib/round/observation.ts';

/** Why a round is made. */
export interface Why {
  readonly causes: readonly Again[];
  /** A retry or a confirmation: the judge is told of it, passing or not. */
  readonly nudges: boolean;
  /** The chain it belongs to, named so that the older comes first. */
  readonly chain?: string;
  /** What the first try is known to come after, as the clock of another region had it. */
  readonly after?: number;
  /** Whether a chain may begin with it. Default true. */
  readonly begins?: boolean;
  /** The number of a scheduled try's slot. */
  readonly slot?: number;
}

/** As in lib/flow/chains.ts: tries of a chain are 10 s apart, and one takes up to 6 s. */
const ALIVE_MS = 16_000;

interface Retried {
  readonly chain: string;
  readonly at: number;
  readonly passed: boolean;
}

/** The chains of retries that go on in each region, of one endpoint: of two that see the same the older one goes on. */
export class Chains {
  readonly #tried = new Map<string, readonly Retried[]>();

  note(region: string, chain: string, observations: readonly Observation[], now: number): void {
    const recent = (this.#tried.get(region) ?? []).filter(({ at }) => at >= now - ALIVE_MS);
    this.#tried.set(region, [...recent, ...observations.map(({ at, passed }) => ({ chain, at, passed }))]);
  }

  /** Whether another chain is trying what this round has tried, and has seen the same. */
  hasOther(region: string, own: string | null, observations: readonly Observation[], now: number): boolean {
    const [newest] = [...newestByTag(observations).values()];
    return (this.#tried.get(region) ?? []).some(
      ({ chain, at, passed }) =>
        at >= now - ALIVE_MS && passed === newest?.passed && (own === null || chain < own),
    );
  }
}
