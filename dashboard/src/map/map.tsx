import { totalMs } from '../matrix/history.ts';
import type { RegionReport, RegionState, StatusItem } from '../types.ts';
import { milliseconds } from '../ui/time.tsx';
import { authority, failed, outcomeWords } from '../words.ts';
import { HEIGHT, LAND, placeOf, WIDTH } from './world.ts';

export interface Mark {
  readonly region: string;
  readonly state: RegionState;
  /** What it says of the selected endpoint; null: none is selected, or it does not try it. */
  readonly report: RegionReport | null;
}

interface MapOptions {
  readonly marks: readonly Mark[];
  readonly selected: StatusItem['endpoint'] | null;
}

/** Where the endpoint stands: beside the map, for nobody knows its place. */
const DOCK = { x: WIDTH / 2, y: HEIGHT + 34 };
const APART_PX = 15;

/** The regions, and an arc from each to the selected endpoint. The table below says the same in words. */
export function WorldMap({ marks, selected }: MapOptions) {
  const drawn = spread(
    marks.flatMap((mark) => ({ mark, at: placeOf(mark.region) })).filter((one) => one.at !== null),
  );
  const label = selected ? `regions, and what each says of ${selected.name}` : 'the regions that probe';
  return (
    <svg
      class="world"
      viewBox={`0 0 ${WIDTH} ${HEIGHT + (selected ? 62 : 0)}`}
      role="img"
      aria-label={`World map: ${label}`}
    >
      <clipPath id="inhabited">
        <rect width={WIDTH} height={HEIGHT} />
      </clipPath>
      <path class="land" d={LAND} clip-path="url(#inhabited)" />
      {selected &&
        drawn.map(
          ({ mark, at }) => mark.report && <path key={mark.region} class={`arc ${mark.state}`} d={arc(at)} />,
        )}
      {drawn.map(({ mark, at }) => (
        <g
          key={mark.region}
          class={`mark ${mark.state}`}
          transform={`translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`}
        >
          <title>{titleOf(mark)}</title>
          <Spot state={mark.state} />
          <text
            class="name"
            x={at.x > WIDTH - 130 ? -11 : 11}
            y="-3"
            text-anchor={at.x > WIDTH - 130 ? 'end' : 'start'}
          >
            {mark.region}
          </text>
          {mark.report && (
            <text
              class="says"
              x={at.x > WIDTH - 130 ? -11 : 11}
              y="10"
              text-anchor={at.x > WIDTH - 130 ? 'end' : 'start'}
            >
              {says(mark.report)}
            </text>
          )}
        </g>
      ))}
      {selected && (
        <g class="dock" transform={`translate(${DOCK.x} ${DOCK.y})`}>
          <rect x="-190" y="-14" width="380" height="38" rx="8" />
          <text y="2">{short(`${selected.name} · ${authority(selected)}`)}</text>
          <text y="16" class="small">
            drawn beside the map: its place is not known
          </text>
        </g>
      )}
    </svg>
  );
}

const short = (text: string): string => (text.length > 52 ? `${text.slice(0, 51)}…` : text);

function Spot({ state }: { readonly state: RegionState }) {
  switch (state) {
    case 'failing':
      return <rect x="-6" y="-6" width="12" height="12" />;
    case 'suspect':
      return <path d="M0-8 8 0 0 8-8 0Z" />;
    case 'recovering':
      return <path d="M0-7 8 7H-8Z" />;
    case 'passing':
      return <circle r="6" />;
    case 'unknown':
      return <circle r="5.5" class="hollow" />;
  }
}

/** A curve that leaves upwards or sideways and comes down into the dock. */
function arc({ x, y }: Place): string {
  const end = { x: DOCK.x + (x - DOCK.x) * 0.3, y: DOCK.y - 15 };
  return `M${x.toFixed(1)} ${y.toFixed(1)}C${(x + (end.x - x) * 0.15).toFixed(1)} ${(y + (end.y - y) * 0.65).toFixed(1)} ${end.x.toFixed(1)} ${(end.y - 90).toFixed(1)} ${end.x.toFixed(1)} ${end.y.toFixed(1)}`;
}

const says = (report: RegionReport): string =>
  failed(report)
    ? outcomeWords(report)
    : report.at === null
      ? 'no data'
      : `${milliseconds(totalMs(report.timings))} ms`;

function titleOf({ region, state, report }: Mark): string {
  return report ? `${region}: ${state}, ${says(report)}` : `${region}: ${state}`;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Names of neighbours would stand on each other: those too close are moved down. */
function spread(
  marks: readonly { readonly mark: Mark; readonly at: Place | null }[],
): readonly { readonly mark: Mark; readonly at: Place }[] {
  const placed: { readonly mark: Mark; readonly at: Place }[] = [];
  const inOrder = marks.flatMap(({ mark, at }) => (at ? [{ mark, at }] : [])).sort((a, b) => a.at.y - b.at.y);
  for (const { mark, at } of inOrder) {
    let { y } = at;
    while (
      placed.some(({ at: other }) => Math.abs(other.x - at.x) < 90 && Math.abs(other.y - y) < APART_PX + 8)
    )
      y += 4;
    placed.push({ mark, at: { x: at.x, y } });
  }
  return placed;
}
