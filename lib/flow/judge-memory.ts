import type { EndpointState } from '../incident/state.ts';
import { type Cohort, raiseSaves } from '../store/cohort.ts';
import { statesOf } from '../store/state.ts';
import type { Table } from '../store/table.ts';
import { CohortCache } from './cohort-cache.ts';
import { Recent } from './recent.ts';

/** A process keeps so many cohorts: their endpoints and states are some 256 kB each, of a judge's 512 MB. */
const KEPT = 256;

interface Kept {
  readonly saves: number;
  readonly states: ReadonlyMap<string, EndpointState>;
}

/**
 * What a judge's process remembers of cohorts. Reading 64 states costs 64 units, and mostly nothing has changed: before the first
 * state of a cohort is saved its count of saves is raised, so whoever finds the count as it was need not read them again.
 */
export class JudgeMemory {
  readonly endpoints = new CohortCache(KEPT);
  readonly #states = new Recent<Kept>(KEPT);

  /** The states of these endpoints of a cohort that was read just now; `item.saves` must be from before. */
  async states(
    table: Table,
    item: Cohort,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, EndpointState>> {
    const kept = this.#states.get(item.cohort);
    if (kept?.saves !== item.saves) return statesOf(table, ids);
    const missing = ids.filter((id) => !kept.states.has(id));
    return new Map([...kept.states, ...(await statesOf(table, missing))].filter(([id]) => ids.includes(id)));
  }

  /** Keeps what is in the table now. */
  keep(cohort: string, saves: number, states: ReadonlyMap<string, EndpointState>): void {
    this.#states.set(cohort, { saves, states });
  }

  forget(cohort: string): void {
    this.#states.delete(cohort);
    this.endpoints.forget(cohort);
  }
}

/** One judging of a cohort: says once, before anything is saved, that something will be. */
export class Saves {
  readonly #table: Table;
  readonly #cohort: string;
  #raised: Promise<number | null> | null = null;

  constructor(table: Table, cohort: string) {
    this.#table = table;
    this.#cohort = cohort;
  }

  begin(): Promise<number | null> {
    this.#raised ??= raiseSaves(this.#table, this.#cohort);
    return this.#raised;
  }

  /** The count by now: `before` when nothing was saved; null: nobody knows. */
  async count(before: number): Promise<number | null> {
    return this.#raised === null ? before : this.#raised;
  }
}
