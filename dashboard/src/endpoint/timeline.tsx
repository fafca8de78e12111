import type { Incident } from '../types.ts';
import { utc } from '../ui/time.tsx';
import type { Bin, Seen } from './seen.ts';

const BIN = 10;
const HEIGHT = 22;

interface TimelineOptions {
  readonly regions: readonly string[];
  readonly seen: Seen;
  readonly incidents: readonly Pick<Incident, 'since' | 'endedAt' | 'rule'>[];
  /** Where it ends, epoch ms; default: now. */
  readonly toMs?: number;
}

/** One strip a region: what passed stands at the bottom, what failed hangs from the top, hatched. */
export function Timeline({ regions, seen, incidents, toMs }: TimelineOptions) {
  const { fromMs, binMs, message, reading } = seen;
  const bins = Math.max(1, ...[...seen.regions.values()].map((of) => of.length));
  const x = (at: string | null): number =>
    Math.min(bins, Math.max(0, ((at === null ? Date.now() : Date.parse(at)) - fromMs) / binMs)) * BIN;
  return (
    <div class="timeline">
      {message !== null && <p class="notice bad">{message}</p>}
      {regions.map((region) => {
        const of = seen.regions.get(region) ?? [];
        return (
          <div class="strip" key={region}>
            <span class="name">{region}</span>
            <svg
              viewBox={`0 0 ${bins * BIN} ${HEIGHT}`}
              preserveAspectRatio="none"
              role="img"
              aria-label={wordsOf(region, of, reading)}
            >
              <Hatch />
              {incidents.map((one) => (
                <rect
                  key={one.since}
                  class="incident"
                  x={x(one.since)}
                  width={Math.max(2, x(one.endedAt) - x(one.since))}
                  y="0"
                  height={HEIGHT}
                />
              ))}
              {of.map(
                (bin, position) =>
                  bin && (
                    <Column key={position} bin={bin} position={position} atMs={fromMs + position * binMs} />
                  ),
              )}
            </svg>
          </div>
        );
      })}
      <p class="axis dim">
        <span>{utc(fromMs, false)}</span>
        <span>{reading ? 'reading…' : ''}</span>
        <span>{toMs === undefined || toMs > Date.now() ? 'now' : utc(toMs, false)}</span>
      </p>
    </div>
  );
}

const Hatch = () => (
  <defs>
    <pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="failed" width="4" height="4" />
      <rect class="cut" width="1.2" height="4" />
    </pattern>
  </defs>
);

function Column({
  bin,
  position,
  atMs,
}: {
  readonly bin: Bin;
  readonly position: number;
  readonly atMs: number;
}) {
  const { tries, passed, ends } = bin;
  const bad = tries - passed;
  // One failing try among many must be seen.
  const share = bad === 0 ? 0 : Math.max(0.3, bad / tries);
  const cut = HEIGHT * share;
  const list = [...ends].map(([end, count]) => `${count} × ${end}`).join(', ');
  return (
    <g>
      <title>{`${utc(atMs, false)}: ${passed} of ${tries} tries passed${list ? `\n${list}` : ''}`}</title>
      {bad < tries && (
        <rect class="passed" x={position * BIN} width={BIN - 1.5} y={cut} height={HEIGHT - cut} />
      )}
      {bad > 0 && <rect fill="url(#hatch)" x={position * BIN} width={BIN - 1.5} y="0" height={cut} />}
    </g>
  );
}

function wordsOf(region: string, bins: readonly (Bin | undefined)[], reading: boolean): string {
  const known = bins.filter((bin) => bin !== undefined);
  const tries = known.reduce((sum, bin) => sum + bin.tries, 0);
  const passed = known.reduce((sum, bin) => sum + bin.passed, 0);
  if (tries === 0) return `${region}: ${reading ? 'being read' : 'no tries'}`;
  return `${region}: ${passed} of ${tries} tries passed`;
}
