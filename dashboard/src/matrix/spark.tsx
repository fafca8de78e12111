import { type History, historyOf, type Point, SPAN_MS } from './history.ts';

const WIDTH = 96;
const HEIGHT = 20;
/** What is watched since a moment ago fills the line too. */
const LEAST_MS = 60_000;

/** The last half hour of one region as a line; failing tries are marks at the bottom. Decoration: the same is in words beside it. */
export function Spark({ id, region }: { readonly id: string; readonly region: string }) {
  const history = historyOf(id).value;
  const points = history?.get(region) ?? [];
  if (history === null || points.length < 2)
    return <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" />;
  const end = newest(history);
  const span = Math.min(SPAN_MS, Math.max(LEAST_MS, end - oldest(history)));
  const passed = points.flatMap(({ ms }) => ms ?? []).sort((a, b) => a - b);
  // One slow try must not flatten the rest.
  const high = passed[Math.floor(passed.length * 0.97)] ?? 1;
  const low = passed[0] ?? 0;
  const x = ({ atMs }: Point): number => WIDTH - 2 - ((end - atMs) / span) * (WIDTH - 4);
  const y = (ms: number): number =>
    3 + (1 - Math.min(1, (ms - low) / Math.max(high - low, high * 0.25, 0.05))) * (HEIGHT - 7);
  const lines = runs(points).map((run) =>
    run.map((point) => `${x(point).toFixed(1)} ${y(point.ms).toFixed(1)}`).join('L'),
  );
  const fails = points.filter(({ ms }) => ms === null);
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="line" d={lines.map((line) => `M${line}`).join('')} />
      <path class="fails" d={fails.map((point) => `M${x(point).toFixed(1)} ${HEIGHT - 6}v6`).join('')} />
    </svg>
  );
}

const newest = (history: History): number =>
  Math.max(...[...history.values()].map((points) => points.at(-1)?.atMs ?? 0));

const oldest = (history: History): number =>
  Math.min(...[...history.values()].map((points) => points[0]?.atMs ?? Number.POSITIVE_INFINITY));

type Passed = Point & { readonly ms: number };

/** Passing tries without a failing one between them. */
function runs(points: readonly Point[]): readonly (readonly Passed[])[] {
  const found: Passed[][] = [[]];
  for (const { atMs, ms } of points) {
    if (ms === null) found.push([]);
    else found.at(-1)?.push({ atMs, ms });
  }
  return found.filter((run) => run.length > 1);
}
