/** One number that was measured. */
export interface Figure {
  readonly what: string;
  /** null: it cannot be measured here; `note` says why. */
  readonly value: number | null;
  readonly unit: 's' | 'ms' | 'µs' | 'MB' | 'bytes' | '%' | 'processes' | 'per s' | 'units';
  /** The number to reach, in the same unit; absent: none was set. */
  readonly atMost?: number;
  /** Where the value is a p99: the median of the same, in the same unit. */
  readonly median?: number;
  /** Of another prober: how many times the figure of Parallax this is. */
  readonly timesOurs?: number;
  readonly note?: string;
}

/** What a file `bench/NAME.bench.ts` exports as `bench`. */
export interface Bench {
  /** One line: what is measured, and how. */
  readonly title: string;
  /** @param progress takes a line for whoever waits; a bench that takes over 2 s calls it. */
  run(progress: (text: string) => void): Promise<readonly Figure[]>;
}

/** The value below which a share of the others lie, by nearest rank. NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
