import { stateAt } from './region-fold.ts';
import type { RegionState } from './region-state.ts';

/** A recovering region is waited for this long after its last try: its next one comes within a minute, or never. */
const RECOVERING_MS = 90_000;

export interface RegionsInput {
  /** The regions that try the endpoint, in the deployment's order. */
  readonly regions: readonly string[];
  readonly states: Readonly<Record<string, RegionState>>;
  readonly suspicion: { readonly startedAt: number; readonly askedAt: number | null } | null;
  /** Only a try that passed after this testifies that the port listens; null: nothing is suspected. */
  readonly freshSince: number | null;
  readonly now: number;
  readonly intervalSeconds: number;
}

/** The regions by what each says now, each in one part, in the deployment's order. */
export interface Parts {
  /** Two failing tries: confirmed. */
  readonly failing: readonly string[];
  readonly suspect: readonly string[];
  readonly recovering: readonly string[];
  /** Passing, by a fresh try where something fails. */
  readonly listening: readonly string[];
  /** Silent, or nothing that counts: outside the quorum. */
  readonly unknown: readonly string[];
  /** How many have said something conclusive lately. */
  readonly usable: number;
  /** How many of those are passing by an old try only. */
  readonly unanswered: number;
}

export function partsOf(input: RegionsInput): Parts {
  const { regions, states, now, intervalSeconds, freshSince } = input;
  const named = regions.map((region) => ({
    region,
    name: stateAt(states[region], now, intervalSeconds),
    at: states[region]?.conclusiveAt ?? 0,
  }));
  const some = (wanted: (one: (typeof named)[number]) => boolean): string[] =>
    named.filter(wanted).map(({ region }) => region);
  const failing = some(({ name }) => name === 'failing');
  const suspect = some(({ name }) => name === 'suspect');
  const recovering = some(({ name, at }) => name === 'recovering' && now < at + RECOVERING_MS);
  // Where nothing fails there is nothing that an older passing try could be mistaken about.
  const wanted = failing.length + suspect.length + recovering.length > 0 ? freshSince : null;
  const passing = named.filter(({ name }) => name === 'passing');
  const fresh = passing.filter(({ at }) => wanted === null || at > wanted);
  const listening = fresh.map(({ region }) => region);
  const counted = new Set([...failing, ...suspect, ...recovering, ...listening]);
  return {
    failing,
    suspect,
    recovering,
    listening,
    unknown: regions.filter((region) => !counted.has(region)),
    usable: named.filter(({ name }) => name !== 'unknown').length,
    unanswered: passing.length - fresh.length,
  };
}
