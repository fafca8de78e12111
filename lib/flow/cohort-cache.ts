import { type Endpoint, isWatched, regionsOf } from '../endpoint/endpoint.ts';
import { tagOf } from '../endpoint/tag.ts';
import { type Cohort, getCohort } from '../store/cohort.ts';
import { endpointsListed, endpointsOf } from '../store/endpoint.ts';
import type { Table } from '../store/table.ts';
import { Recent } from './recent.ts';

/** Every change of a member raises the plan; should one ever not have, it is seen after this long. */
const LOOK_AGAIN_MS = 30 * 60_000;

/** A process keeps so many cohorts, some 64 kB each. A prober of 100,000 endpoints has to do with 1,563. */
const KEPT = 2048;

/** An endpoint with its tag. */
export interface Watched {
  readonly endpoint: Endpoint;
  readonly tag: number;
}

interface Kept {
  readonly plan: number;
  readonly loadedAtMs: number;
  readonly endpoints: readonly Watched[];
}

/**
 * The endpoints of cohorts as this process last read them. They are good while their cohort's plan is the same; an answer that is not
 * exactly the cohort's members is used once and not kept, because the index may lag.
 */
export class CohortCache {
  readonly #kept: Recent<Kept>;

  constructor(most: number = KEPT) {
    this.#kept = new Recent(most);
  }

  /**
   * Endpoints that are to be tried from `region`. When home cannot be read, what is in memory serves, however old.
   * @returns null when nothing is known: home cannot be read and this process has never read it.
   */
  async endpoints(
    table: Table,
    cohort: string,
    plan: number,
    region: string,
    regions: readonly string[],
    nowMs: number,
  ): Promise<readonly Watched[] | null> {
    const all = await this.#members(table, cohort, plan, nowMs);
    if (!all) return null;
    return all.filter(({ endpoint }) => isWatched(endpoint) && regionsOf(endpoint, regions).includes(region));
  }

  async #members(
    table: Table,
    cohort: string,
    plan: number,
    nowMs: number,
  ): Promise<readonly Watched[] | null> {
    const kept = this.#kept.get(cohort);
    if (kept && kept.plan >= plan && isFresh(kept, nowMs)) return kept.endpoints;
    try {
      const item = await getCohort(table, cohort);
      if (!item) return [];
      return (await this.read(table, item, nowMs)).filter(({ tag }) => item.members.has(tag));
    } catch (error) {
      console.warn(JSON.stringify({ message: 'cohort unreadable', cohort, error: String(error) }));
      return this.#kept.get(cohort)?.endpoints ?? null;
    }
  }

  /** All endpoints of a cohort that was read just now; those that are not its members yet, or any more, too. */
  async read(table: Table, item: Cohort, nowMs: number): Promise<readonly Watched[]> {
    const { cohort, plan, members } = item;
    const kept = this.#kept.get(cohort);
    const known = kept?.plan === plan;
    if (known && isFresh(kept, nowMs)) return kept.endpoints;
    // Of a plan that is half an hour old the index has long heard, and it costs a tenth.
    const listed = await (known ? endpointsListed(table, cohort) : endpointsOf(table, cohort));
    const endpoints = listed.map((endpoint) => ({ endpoint, tag: tagOf(endpoint) }));
    if (endpoints.length === members.size && endpoints.every(({ tag }) => members.has(tag))) {
      this.#kept.set(cohort, { plan, loadedAtMs: nowMs, endpoints });
    }
    return endpoints;
  }

  forget(cohort: string): void {
    this.#kept.delete(cohort);
  }
}

function isFresh({ loadedAtMs }: Kept, nowMs: number): boolean {
  return nowMs - loadedAtMs < LOOK_AGAIN_MS;
}
