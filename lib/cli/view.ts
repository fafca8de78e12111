import { colors } from './colors.ts';
import { targetOf } from './endpoint-flags.ts';
import type { EndpointStatus, RegionStatus } from './status-shape.ts';
import { drawTable } from './table.ts';

interface Look {
  readonly symbol: string;
  readonly paint: (text: string) => string;
}

/** How each state is drawn: never by colour alone. */
export const LOOKS: Readonly<Record<RegionStatus['state'], Look>> = {
  passing: { symbol: '●', paint: colors.green },
  suspect: { symbol: '◐', paint: colors.yellow },
  failing: { symbol: '✖', paint: colors.red },
  recovering: { symbol: '◑', paint: colors.cyan },
  unknown: { symbol: '·', paint: colors.dim },
};

/** Three figures are all that is worth a look: `0.21`, `1.9`, `23`, `140`. */
export function milliseconds(value: number): string {
  if (value < 1) return value.toFixed(2);
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

export const OURS = '~';
export const RESENT = '↻';
/** Shown where one of the marks is. */
export const MARKS = `${OURS} may be the prober's own time  ${RESENT} SYNs sent again`;

/** What says whether a time is the network's. */
type Timed = Pick<RegionStatus, 'tcpClock' | 'synRetransmits'> & {
  readonly tainted: readonly RegionStatus['tainted'][number][];
};

/** How long a finished stage took in ms, marked where that may not be the network's. */
export function figure(
  { tcpClock, tainted, synRetransmits }: Timed,
  stage: RegionStatus['tainted'][number],
  ms: number,
): string {
  const resent = stage === 'tcp' && synRetransmits > 0;
  const ours = tainted.includes(stage) || (stage === 'tcp' && tcpClock === 'loop' && !resent);
  return `${ours ? OURS : ''}${milliseconds(ms)}${resent ? `${RESENT}${synRetransmits}` : ''}`;
}

/** Those of the finished stages after dns. */
function timings(report: Timed & Pick<RegionStatus, 'timings'>): string {
  const { tcpMs, tlsMs, http2Ms } = report.timings;
  const stages = [
    ['tcp', tcpMs],
    ['tls', tlsMs],
    ['http2', http2Ms],
  ] as const;
  return stages.flatMap(([stage, ms]) => (ms === undefined ? [] : [figure(report, stage, ms)])).join(' ');
}

function cell(report: RegionStatus): string {
  const { symbol, paint } = LOOKS[report.state];
  const { state, evidence, conclusiveAt } = report;
  if (evidence === 'inconclusive' && state !== 'unknown') {
    const when = conclusiveAt === null ? '' : ` at ${timeOf(conclusiveAt)}`;
    return `${paint(symbol)} ${state}${when}\n${colors.dim(`inconclusive since: ${report.reason ?? report.outcome ?? ''}`)}`;
  }
  const failed = report.outcome !== null && report.outcome !== 'ok';
  const what = failed
    ? `${report.stage ?? ''} ${report.reason ?? report.outcome ?? ''}`.trim()
    : timings(report);
  return `${paint(symbol)} ${failed ? paint(what) : what || colors.dim('no data yet')}`;
}

function verdictCell({ verdict, regions }: EndpointStatus): string {
  const words = verdict.rule.replaceAll('_', ' ');
  if (verdict.severity !== null) {
    const settling = verdict.settlesAt === null ? '' : `\n${settlingWords(verdict.settlesAt, regions)}`;
    return `${colors.bold(colors.red(`${verdict.severity} ${words}`))}${settling}`;
  }
  return verdict.rule === 'reachable' ? colors.green(words) : colors.dim(words);
}

/** A flapping incident is not over with its recovery. */
function settlingWords(at: string, regions: readonly RegionStatus[]): string {
  const fails = regions.some(({ state }) => state === 'failing' || state === 'suspect');
  return fails ? `flapping, settles at ${timeOf(at)}` : `flapping, over at ${timeOf(at)} if this holds`;
}

/** `03:12:05Z` */
const timeOf = (at: string): string => `${new Date(at).toISOString().slice(11, 19)}Z`;

/** Endpoints down, regions across: state, then tcp, tls and http2 in ms, or what fails; marks of times are explained below. At most `columns` wide. */
export function statusTable(
  statuses: readonly EndpointStatus[],
  columns: number,
  none = 'no endpoints yet',
): string {
  if (statuses.length === 0) return colors.dim(none);
  const regions = [
    ...new Set(statuses.flatMap(({ regions: reports }) => reports.map(({ region }) => region))),
  ];
  const rows = statuses.map((status) => [
    `${colors.bold(status.endpoint.id)}\n${colors.dim(`${targetOf(status.endpoint)} ${status.endpoint.handshake}`)}`,
    ...regions.map((region) => {
      const report = status.regions.find((candidate) => candidate.region === region);
      return report ? cell(report) : colors.dim('–');
    }),
    verdictCell(status),
  ]);
  const drawn = drawTable(['endpoint', ...regions, 'verdict'], rows, columns);
  return drawn.includes(OURS) || drawn.includes(RESENT) ? `${drawn}\n${colors.dim(MARKS)}` : drawn;
}
