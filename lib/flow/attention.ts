import type { EndpointState } from '../incident/state.ts';
import type { Cohort } from '../store/cohort.ts';
import { writeAttention } from '../store/cohort.ts';
import type { Table } from '../store/table.ts';

export type Attention = ReadonlyMap<string, ReadonlySet<number>>;

/** What attention must say by these states: per region the tags that fail there or are recovering; silence keeps them. */
export function attentionOf(states: Iterable<EndpointState>): Attention {
  const attention = new Map<string, Set<number>>();
  for (const { tag, regions } of states) {
    for (const [region, { state }] of Object.entries(regions)) {
      if (state !== 'failing' && state !== 'recovering') continue;
      attention.set(region, (attention.get(region) ?? new Set()).add(tag));
    }
  }
  return attention;
}

export function union(one: Attention, other: Attention): Attention {
  const both = new Map<string, ReadonlySet<number>>(one);
  for (const [region, tags] of other) both.set(region, new Set([...(both.get(region) ?? []), ...tags]));
  return both;
}

export function sameAttention(one: Attention, other: Attention): boolean {
  const text = (attention: Attention): string =>
    JSON.stringify(
      [...attention]
        .filter(([, tags]) => tags.size > 0)
        .map(([region, tags]) => [region, [...tags].sort((a, b) => a - b)])
        .sort(),
    );
  return text(one) === text(other);
}

/**
 * The cohort's attention as this judge has written it. The judge is the only writer of a cohort at a time (its queue's
 * group), so a plain set of the attribute is enough; a failed write fails the message.
 */
export class AttentionKeeper {
  readonly #table: Table;
  readonly #cohort: string;
  #now: Attention;

  constructor(table: Table, cohort: Cohort) {
    this.#table = table;
    this.#cohort = cohort.cohort;
    this.#now = cohort.attention;
  }

  /** Adds what is not there yet: before the STATE that says `failing` is saved. */
  async atLeast(wanted: Attention): Promise<void> {
    await this.exactly(union(this.#now, wanted));
  }

  /** Makes it equal: first of all, and after the STATE that says `passing` has been saved. */
  async exactly(wanted: Attention): Promise<void> {
    if (sameAttention(this.#now, wanted)) return;
    await writeAttention(this.#table, this.#cohort, wanted);
    this.#now = wanted;
  }
}
