import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { STAGES, type Stage, type Status } from '../types.ts';
import { milliseconds } from '../ui/time.tsx';
import type { Seen } from './seen.ts';

interface LatencyOptions {
  readonly regions: readonly string[];
  readonly seen: Seen;
  readonly handshake: Status['endpoint']['handshake'];
}

/** Lines differ in dashes too. */
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [10, 3, 2, 3]];
const COLOURS = 6;

/** Medians of one stage over time, a line a region. */
export function Latency({ regions, seen, handshake }: LatencyOptions) {
  const [stage, setStage] = useState<Stage>('tcp');
  const rungs = STAGES.slice(0, STAGES.indexOf(handshake) + 1);
  const series = regions.map((region) =>
    (seen.regions.get(region) ?? []).map((bin) => bin?.ms[stage] ?? null),
  );
  const length = Math.max(0, ...series.map((of) => of.length));
  const known = series.some((of) => of.some((ms) => ms !== null));
  return (
    <>
      <div class="section-head">
        <h3>How long it took</h3>
        <fieldset class="chips">
          <legend class="ear">Stage</legend>
          {rungs.map((one) => (
            <button
              type="button"
              class="chip"
              key={one}
              aria-pressed={stage === one}
              onClick={() => setStage(one)}
            >
              {one}
            </button>
          ))}
        </fieldset>
      </div>
      {known ? (
        <Chart
          regions={regions}
          series={series.map((of) => padded(of, length))}
          fromMs={seen.fromMs}
          binMs={seen.binMs}
          stage={stage}
        />
      ) : (
        <p class="notice">{seen.reading ? 'Reading…' : `No region has finished ${stage} in this time.`}</p>
      )}
      <Medians regions={regions} series={series} stage={stage} />
    </>
  );
}

const padded = (of: readonly (number | null)[], length: number): readonly (number | null)[] =>
  Array.from({ length }, (_, position) => of[position] ?? null);

interface ChartOptions {
  readonly regions: readonly string[];
  readonly series: readonly (readonly (number | null)[])[];
  readonly fromMs: number;
  readonly binMs: number;
  readonly stage: Stage;
}

function Chart({ regions, series, fromMs, binMs, stage }: ChartOptions) {
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const length = series[0]?.length ?? 0;
  const times = Array.from({ length }, (_, position) => (fromMs + (position + 0.5) * binMs) / 1000);
  const data: uPlot.AlignedData = [times, ...series.map((of) => [...of])];
  const names = regions.join(' ');
  useEffect(() => {
    const { current } = holder;
    if (!current) return;
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const make = (): void => {
      chart.current?.destroy();
      chart.current = new uPlot(optionsOf(regions, current), data, current);
    };
    make();
    scheme.addEventListener('change', make);
    const observer = new ResizeObserver(() =>
      chart.current?.setSize({ width: current.clientWidth, height: HEIGHT_PX }),
    );
    observer.observe(current);
    return () => {
      scheme.removeEventListener('change', make);
      observer.disconnect();
      chart.current?.destroy();
      chart.current = null;
    };
  }, [names]);
  useEffect(() => chart.current?.setData(data));
  return (
    <div
      class="chart"
      ref={holder}
      role="img"
      aria-label={`${stage} in ms over time, a line a region; the medians are in the table below`}
    />
  );
}

const HEIGHT_PX = 220;

function optionsOf(regions: readonly string[], element: HTMLElement): uPlot.Options {
  const colour = colours(element);
  const axis: uPlot.Axis = {
    stroke: colour('--chart-text'),
    grid: { stroke: colour('--chart-grid'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return {
    width: element.clientWidth,
    height: HEIGHT_PX,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    legend: { show: false },
    cursor: { y: false },
    scales: {
      y: {
        range: (_, low, high) => [
          Math.max(0, low - (high - low || high) * 0.15),
          high + (high - low || high || 1) * 0.15,
        ],
      },
    },
    axes: [
      { ...axis, space: 76, values: (_, ticks, __, ___, apart) => ticks.map((tick) => clock(tick, apart)) },
      { ...axis, size: 52, values: (_, ticks, __, ___, apart) => ticks.map((tick) => figure(tick, apart)) },
    ],
    series: [
      {},
      ...regions.map(
        (region, position): uPlot.Series => ({
          label: region,
          stroke: colour(`--line-${position % COLOURS}`),
          dash: [...(DASHES[Math.floor(position / COLOURS) % DASHES.length] ?? [])],
          width: 1.75,
          spanGaps: false,
          points: { size: 4 },
        }),
      ),
    ],
  };
}

/** As many decimals as tell neighbouring ticks apart. */
const figure = (tick: number, apart: number): string =>
  tick.toFixed(Math.max(0, -Math.floor(Math.log10(apart))));

/** `12:05`, or the day where the ticks are days apart; of UTC. */
function clock(seconds: number, apartSeconds: number): string {
  const text = new Date(seconds * 1000).toISOString();
  if (apartSeconds >= 86_400) return text.slice(5, 10);
  return text.slice(11, apartSeconds < 60 ? 19 : 16);
}

/** A canvas knows no variables, and a variable is not a colour before it is one of something. */
function colours(element: HTMLElement): (name: string) => string {
  const something = element.appendChild(document.createElement('i'));
  const found = (name: string): string => {
    something.style.color = `var(${name})`;
    return getComputedStyle(something).color;
  };
  queueMicrotask(() => something.remove());
  return found;
}

interface MediansOptions {
  readonly regions: readonly string[];
  readonly series: readonly (readonly (number | null)[])[];
  readonly stage: Stage;
}

/** The legend, and the same in figures. */
function Medians({ regions, series, stage }: MediansOptions) {
  return (
    <ul class="medians" aria-label={`${stage}: median of each region`}>
      {regions.map((region, position) => {
        const values = (series[position] ?? []).filter((ms) => ms !== null).sort((a, b) => a - b);
        const median = values[values.length >> 1];
        return (
          <li key={region}>
            <span class={`swatch line-${position % COLOURS}`} aria-hidden="true" /> {region}{' '}
            <b>{median === undefined ? '–' : milliseconds(median)}</b>
            <span class="dim"> ms</span>
          </li>
        );
      })}
    </ul>
  );
}
