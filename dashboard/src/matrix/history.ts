import { type Signal, signal } from '@preact/signals';
import { all, api } from '../api.ts';
import type { StatusItem, Timings } from '../types.ts';
import { failed } from '../words.ts';

/** A try: when, and how long it took in ms; null: it failed. */
export interface Point {
  readonly atMs: number;
  readonly ms: number | null;
}

/** By region, oldest first. */
export type History = ReadonlyMap<string, readonly Point[]>;

/** What a sparkline shows. */
export const SPAN_MS = 30 * 60_000;
/** So many histories are read at once. */
const AT_ONCE = 2;
/** Rows that are only scrolled past are not read. */
const REST_MS = 250;

const histories = new Map<string, Signal<History | null>>();
const asked = new Set<string>();
let wanted: readonly string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let reading = 0;

export function historyOf(id: string): Signal<History | null> {
  const known = histories.get(id) ?? signal<History | null>(null);
  histories.set(id, known);
  return known;
}

/** These are to be seen: what is not known of them yet is read, and nothing else. */
export function want(ids: readonly string[]): void {
  wanted = ids.filter((id) => !asked.has(id));
  clearTimeout(timer);
  if (wanted.length > 0) timer = setTimeout(next, REST_MS);
}

function next(): void {
  const [id, ...rest] = wanted;
  if (id === undefined || reading === AT_ONCE) return;
  wanted = rest;
  asked.add(id);
  reading += 1;
  read(id)
    // A row without its line says enough; it is asked for again when it is to be seen again.
    .catch(() => asked.delete(id))
    .finally(() => {
      reading -= 1;
      next();
    });
  next();
}

async function read(id: string): Promise<void> {
  const query = { from: new Date(Date.now() - SPAN_MS).toISOString(), limit: 1000 };
  const timings = await all(
    (cursor) =>
      api.GET('/endpoints/{id}/timings', {
        params: { path: { id }, query: cursor ? { limit: 1000, next: cursor } : query },
      }),
    4,
  );
  const found = new Map<string, Point[]>();
  for (const { region, at, timings: durations, outcome } of timings) {
    const points = found.get(region) ?? [];
    found.set(region, points);
    points.push({ atMs: Date.parse(at), ms: outcome === 'ok' ? totalMs(durations) : null });
  }
  historyOf(id).value = merged(found, historyOf(id).value ?? new Map());
}

/** Adds what the newest look has seen to what is known. */
export function append(statuses: readonly StatusItem[]): void {
  const oldest = Date.now() - SPAN_MS;
  for (const { endpoint, regions } of statuses) {
    const history = histories.get(endpoint.id);
    if (!history?.value) continue;
    const news = new Map<string, Point[]>();
    for (const { region, at, outcome, timings } of regions) {
      if (at === null || outcome === null) continue;
      news.set(region, [{ atMs: Date.parse(at), ms: failed({ outcome }) ? null : totalMs(timings) }]);
    }
    const next = merged(history.value, news);
    for (const [region, points] of next)
      next.set(
        region,
        points.filter(({ atMs }) => atMs >= oldest),
      );
    history.value = next;
  }
}

/** Of two histories, each try once. */
function merged(one: History, other: History): Map<string, readonly Point[]> {
  const result = new Map(one);
  for (const [region, points] of other) {
    const before = result.get(region) ?? [];
    const newest = before.at(-1)?.atMs ?? 0;
    result.set(region, [...before, ...points.filter(({ atMs }) => atMs > newest)]);
  }
  return result;
}

/** Of all finished stages, in ms. */
export const totalMs = ({ dnsMs = 0, tcpMs = 0, tlsMs = 0, http2Ms = 0 }: Timings): number =>
  dnsMs + tcpMs + tlsMs + http2Ms;
