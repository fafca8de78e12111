import type { Fate } from '../support/tries.ts';

/** The first three are the port's: really wrong. The others are ours: nothing of them may be told as if they were the port's. */
export type What =
  | 'outage'
  | 'flapping'
  | 'restart'
  | 'sick'
  | 'half_sick'
  | 'resolver_sick'
  | 'silent'
  | 'late';

/** Something that is wrong for a time. Times are epoch ms. */
export interface Fault {
  readonly what: What;
  readonly from: number;
  readonly to: number;
  /** Where. */
  readonly regions: readonly string[];
  /** Of which addresses; null: of all. */
  readonly addresses: readonly string[] | null;
  /** How a try ends there; of the port's faults. */
  readonly fates: Readonly<Record<string, Fate>>;
  /** It comes and goes. */
  readonly phases: { readonly wrongMs: number; readonly wellMs: number } | null;
  /** Of half sick regions the packets lost, of sick resolvers the queries. */
  readonly loss: number;
}

export function isReal({ what }: Fault): boolean {
  return what === 'outage' || what === 'flapping' || what === 'restart';
}

export function isActive({ from, to, phases }: Fault, at: number): boolean {
  if (at < from || at >= to) return false;
  return phases === null || (at - from) % (phases.wrongMs + phases.wellMs) < phases.wrongMs;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** When it is wrong: several times for what comes and goes. */
export function spansOf({ from, to, phases }: Fault): readonly Span[] {
  if (!phases) return [{ from, to }];
  const spans: Span[] = [];
  for (let at = from; at < to; at += phases.wrongMs + phases.wellMs) {
    spans.push({ from: at, to: Math.min(to, at + phases.wrongMs) });
  }
  return spans;
}

/** In order, and those that are not further apart than this as one. */
export function joined(spans: readonly Span[], apartMs: number): readonly Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((one, other) => one.from - other.from)) {
    const last = result[result.length - 1];
    if (last && span.from <= last.to + apartMs) {
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    } else result.push(span);
  }
  return result;
}
