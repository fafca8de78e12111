import { type Endpoint, isWatched, regionsOf } from '../endpoint/endpoint.ts';
import { tagOf } from '../endpoint/tag.ts';
import { getCohort } from '../store/cohort.ts';
import { endpointsOf } from '../store/endpoint.ts';
import type { Table } from '../store/table.ts';

const KEEP_MS = 5 * 60_000;

/** An endpoint as a prober needs it: with its tag. */
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
 * The endpoints of a cohort as this process last read them. They are good while the message's plan is not newer, for 5 minutes at
 * most; an answer that is not exactly the cohort's members is used once and not kept, because the index may lag.
 */
export class CohortCache {
  readonly #kept = new Map<string, Kept>();

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
    const kept = this.#kept.get(cohort);
    const fresh = kept && kept.plan >= plan && nowMs - kept.loadedAtMs < KEEP_MS;
    const all = fresh ? kept.endpoints : await this.#load(table, cohort, nowMs);
    if (!all) return null;
    return all.filter(({ endpoint }) => isWatched(endpoint) && regionsOf(endpoint, regions).includes(region));
  }

  async #load(table: Table, cohort: string, nowMs: number): Promise<readonly Watched[] | null> {
    try {
      const item = await getCohort(table, cohort);
      if (!item) return [];
      const found = (await endpointsOf(table, cohort)).map((endpoint) => ({
        endpoint,
        tag: tagOf(endpoint),
      }));
      const endpoints = found.filter(({ tag }) => item.members.has(tag));
      if (endpoints.length === item.members.size) {
        this.#kept.set(cohort, { plan: item.plan, loadedAtMs: nowMs, endpoints });
      }
      return endpoints;
    } catch (error) {
      console.warn(JSON.stringify({ message: 'cohort unreadable', cohort, error: String(error) }));
      return this.#kept.get(cohort)?.endpoints ?? null;
    }
  }
}
