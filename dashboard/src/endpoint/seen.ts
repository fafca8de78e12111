import { useEffect, useState } from 'preact/hooks';
import { all, api, body, messageOf } from '../api.ts';
import { beat } from '../live.ts';
import { STAGES, type Stage, type Status } from '../types.ts';

/** What one region saw in one stretch of time. */
export interface Bin {
  readonly tries: number;
  readonly passed: number;
  /** Medians in ms; null: no try finished the stage. */
  readonly ms: Readonly<Record<Stage, number | null>>;
  /** How failing tries ended, with how many of them; empty: it is only known how many there were. */
  readonly ends: ReadonlyMap<string, number>;
}

/** Bins by region, oldest first; undefined: not read yet. */
export interface Seen extends Pick<Grid, 'fromMs' | 'binMs'> {
  readonly regions: ReadonlyMap<string, readonly (Bin | undefined)[]>;
  readonly message: string | null;
  readonly reading: boolean;
}

const RANGES = {
  '1 h': { spanMs: 3_600_000, bins: 60 },
  '24 h': { spanMs: 86_400_000, bins: 24 },
  '7 d': { spanMs: 7 * 86_400_000, bins: 28 },
} as const;
export type RangeName = keyof typeof RANGES;

type Watched = Pick<Status['endpoint'], 'id' | 'intervalSeconds' | 'watchedSince'>;

/** Where the bins of a range begin, how wide they are, and how many: none narrower than an interval, of what is new as many as there are. */
function gridOf({ intervalSeconds, watchedSince }: Watched, range: RangeName): Grid {
  const { spanMs, bins } = RANGES[range];
  if (range !== '1 h') return gridBetween(Date.now() - spanMs, Date.now(), spanMs / bins);
  const fromMs = Math.max(Date.now() - spanMs, Date.parse(watchedSince));
  return binned(fromMs, Date.now(), intervalSeconds);
}

export interface Grid {
  readonly fromMs: number;
  readonly binMs: number;
  readonly bins: number;
}

const MOST_BINS = 60;
const LEAST_BINS = 12;
const STEP_MS = 10_000;

/** At most sixty bins from one time to another, of whole tens of seconds. */
export function binned(fromMs: number, toMs: number, intervalSeconds: number): Grid {
  const wanted = Math.max(intervalSeconds * 1000, (toMs - fromMs) / MOST_BINS);
  const binMs = Math.ceil(wanted / STEP_MS) * STEP_MS;
  return gridBetween(Math.min(fromMs, toMs - (LEAST_BINS - 1) * binMs), toMs, binMs);
}

function gridBetween(fromMs: number, toMs: number, binMs: number): Grid {
  const first = Math.ceil((fromMs + 1) / binMs) - 1;
  return { fromMs: first * binMs, binMs, bins: Math.floor(toMs / binMs) - first + 1 };
}

/** So many summaries are asked for at once. */
const AT_ONCE = 3;
/** A summary that is over does not change any more. */
const summaries = new Map<string, ReadonlyMap<string, Bin>>();

/** What every region saw in the range that ends now; of the last hour it is read again with each beat, of more once. */
export function useSeen(endpoint: Watched, range: RangeName): Seen {
  const { id } = endpoint;
  const key = `${id} ${range}`;
  const grid = gridOf(endpoint, range);
  const nothing = { key, ...grid, regions: new Map(), message: null, reading: true };
  const [seen, setSeen] = useState<Seen & { readonly key: string }>(nothing);
  const count = range === '1 h' ? beat.value : 0;
  useEffect(() => {
    const gone = new AbortController();
    const show = (regions: Seen['regions'], reading: boolean): void => {
      if (!gone.signal.aborted) setSeen({ key, ...grid, regions, message: null, reading });
    };
    const reading =
      range === '1 h'
        ? tries(id, grid).then((found) => show(found, false))
        : summarised(id, grid, gone.signal, show);
    reading.catch((error: unknown) => {
      if (gone.signal.aborted) return;
      setSeen((before) => ({
        ...(before.key === key ? before : nothing),
        message: messageOf(error),
        reading: false,
      }));
    });
    return () => gone.abort();
  }, [key, count]);
  return seen.key === key ? seen : nothing;
}

/** Every single try, put into bins. */
export async function tries(id: string, { fromMs, binMs, bins }: Grid): Promise<Seen['regions']> {
  const range = { from: new Date(fromMs).toISOString(), to: new Date(fromMs + bins * binMs).toISOString() };
  const items = await all(
    (next) =>
      api.GET('/endpoints/{id}/timings', {
        params: { path: { id }, query: next ? { limit: 1000, next } : { limit: 1000, ...range } },
      }),
    12,
  );
  const regions = new Map<string, (typeof items)[number][][]>();
  for (const item of items) {
    const of = regions.get(item.region) ?? Array.from({ length: bins }, () => []);
    regions.set(item.region, of);
    of[Math.floor((Date.parse(item.at) - fromMs) / binMs)]?.push(item);
  }
  const binOf = (found: typeof items): Bin | undefined => {
    if (found.length === 0) return undefined;
    const ends = new Map<string, number>();
    for (const { stage, outcome } of found) {
      const end = `${stage} ${outcome.replaceAll('_', ' ')}`;
      if (outcome !== 'ok') ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    const median = (stage: Stage): number | null => {
      const clean = found.filter(({ tainted }) => !tainted.includes(stage));
      const values = clean.flatMap(({ timings }) => timings[`${stage}Ms`] ?? []).sort((a, b) => a - b);
      return values[values.length >> 1] ?? null;
    };
    const passed = found.filter(({ outcome }) => outcome === 'ok').length;
    return { tries: found.length, passed, ms: byStage(median), ends };
  };
  return new Map([...regions].map(([region, of]) => [region, of.map(binOf)]));
}

/** Summaries of one bin each, the newest first: the API adds up, and what is long over is asked for once. */
async function summarised(
  id: string,
  { fromMs, binMs, bins }: Grid,
  signal: AbortSignal,
  show: (regions: Seen['regions'], reading: boolean) => void,
): Promise<void> {
  const found = new Map<string, (Bin | undefined)[]>();
  const wanted = Array.from({ length: bins }, (_, position) => bins - 1 - position);
  const reader = async (): Promise<void> => {
    for (let bin = wanted.shift(); bin !== undefined && !signal.aborted; bin = wanted.shift()) {
      for (const [region, one] of await summary(id, fromMs + bin * binMs, binMs)) {
        const of = found.get(region) ?? Array.from({ length: bins });
        found.set(region, of);
        of[bin] = one.tries === 0 ? undefined : one;
      }
      show(new Map(found), wanted.length > 0);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  show(new Map(found), false);
}

async function summary(id: string, fromMs: number, binMs: number): Promise<ReadonlyMap<string, Bin>> {
  const key = `${id} ${fromMs} ${binMs}`;
  const known = summaries.get(key);
  if (known) return known;
  const query = { from: new Date(fromMs).toISOString(), to: new Date(fromMs + binMs).toISOString() };
  const { regions } = await body(
    api.GET('/endpoints/{id}/timings/summary', { params: { path: { id }, query } }),
  );
  const made = new Map(
    regions.map((one): [string, Bin] => {
      const ms = byStage((stage) => one[stage].medianMs);
      return [one.region, { tries: one.tries, passed: one.passed, ms, ends: new Map() }];
    }),
  );
  if (fromMs + binMs < Date.now() - 600_000) summaries.set(key, made);
  return made;
}

const byStage = (of: (stage: Stage) => number | null): Readonly<Record<Stage, number | null>> => ({
  dns: of(STAGES[0]),
  tcp: of(STAGES[1]),
  tls: of(STAGES[2]),
  http2: of(STAGES[3]),
});
