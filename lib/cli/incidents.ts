import { UsageError } from '../local/usage-error.ts';
import { type ApiClient, allOf, bodyOf, connect, type Schemas } from './api-client.ts';
import { colors } from './colors.ts';
import { noneLike, ofEndpoint } from './known.ts';
import type { WrittenApi } from './options.ts';
import { print } from './print.ts';
import { waiting } from './progress.ts';
import { drawTable } from './table.ts';
import { clockOf, spanOf, timeIn } from './time.ts';
import { type Wording, worded } from './wording.ts';

export interface WrittenIncidents extends WrittenApi {
  readonly since?: string;
  readonly before?: string;
  readonly team?: string;
  readonly endpoint?: string;
  readonly kind?: string;
}

export type IncidentShown = Schemas['Incident'];

/** Prints what is open now, or what opened from a time on. Exit code 0. @throws UsageError */
export async function runIncidents(options: WrittenIncidents): Promise<number> {
  const api = connect(options);
  if (options.since === undefined && options.before !== undefined) {
    throw new UsageError('--before: goes with --since, both say when incidents opened: add that');
  }
  const query = { limit: 500, ...queryOf(options) };
  const asking = asked(api, options, () =>
    allOf((next) => api.GET('/incidents', { params: { query: { ...query, next } } })),
  );
  const items = await waiting('incidents', asking);
  const none = options.since === undefined ? 'nothing is open' : 'no incidents';
  const missing = items.length === 0 ? await noneLike(api, { team: options.team }) : null;
  print(options, { items, next: null }, (columns) =>
    items.length === 0
      ? [colors.dim(none), ...(missing === null ? [] : [colors.yellow(missing)])].join('\n')
      : incidentsTable(items, Date.now(), columns),
  );
  return 0;
}

/** Prints how many incidents there were, and how long they took. Exit code 0. @throws UsageError */
export async function runIncidentSummary(options: WrittenIncidents): Promise<number> {
  const query = queryOf(options);
  const api = connect(options);
  const asking = asked(api, options, () => bodyOf(api.GET('/incidents/summary', { params: { query } })));
  const summary = await waiting('incidents', asking);
  const missing = summary.incidents === 0 ? await noneLike(api, { team: options.team }) : null;
  print(options, summary, (columns) =>
    [summaryText(summary, columns), ...(missing === null ? [] : [colors.yellow(missing)])].join('\n'),
  );
  return 0;
}

/** Of one endpoint, where one is named. */
const asked = <T>(api: ApiClient, { endpoint }: WrittenIncidents, ask: () => Promise<T>): Promise<T> =>
  worded(WORDING, endpoint === undefined ? ask() : ofEndpoint(api, endpoint, ask));

const WORDING: Wording = { from: '--since', to: '--before', kind: '--kind' };

function queryOf({ since, before, team, endpoint, kind }: WrittenIncidents) {
  return {
    from: since === undefined ? undefined : timeIn('--since', since, 'back'),
    to: before === undefined ? undefined : timeIn('--before', before, 'back'),
    team,
    endpoint,
    kind,
  };
}

/** One line an incident, newest first: what, since when, from where, for how long, and who looks after it. */
export function incidentsTable(items: readonly IncidentShown[], nowMs: number, columns: number): string {
  const head = ['since', 'of', 'what', 'from', 'lasts', 'state'];
  const rows = items.map((one) => [
    clockOf(one.since),
    colors.bold(one.endpoint ?? one.region ?? 'the deployment') +
      (one.team === null ? '' : `\n${colors.dim(one.team)}`),
    `${severityOf(one)} ${one.rule.replaceAll('_', ' ')}`,
    (one.failingRegions.length > 0 ? one.failingRegions : one.failedRegions).join('\n') || colors.dim('–'),
    spanOf(one.timeToResolveMs ?? nowMs - Date.parse(one.since)),
    stateOf(one),
  ]);
  return drawTable(head, rows, columns);
}

const severityOf = ({ severity, endedAt }: IncidentShown): string =>
  endedAt === null ? colors.bold(colors.red(severity)) : severity;

function stateOf({ endedAt, end, acknowledged, untold, flapping }: IncidentShown): string {
  if (endedAt !== null) {
    return `${colors.dim(end?.replaceAll('_', ' ') ?? 'over')}${untold ? colors.dim(', untold') : ''}`;
  }
  const words = flapping ? 'flapping' : untold ? 'open, not told yet' : 'open';
  if (acknowledged === null) return colors.red(words);
  const { by, note } = acknowledged;
  return `${colors.yellow(`${words}, with ${by}`)}${note === null ? '' : `\n${colors.dim(note)}`}`;
}

function summaryText(summary: Schemas['IncidentSummary'], columns: number): string {
  const { incidents, open, untold, complete } = summary;
  const span = (ms: number | null): string => (ms === null ? '–' : spanOf(ms));
  const rows = (
    [
      ['confirmed', summary.timeToConfirm],
      ['told', summary.timeToTell],
      ['acknowledged (MTTA)', summary.timeToAcknowledge],
      ['recovered (MTTR)', summary.timeToResolve],
    ] as const
  ).map(([what, { count, meanMs, medianMs }]) => [what, String(count), span(meanMs), span(medianMs)]);
  const lines = [
    `${clockOf(summary.from)} – ${clockOf(summary.to)}`,
    `incidents: ${incidents}, of them open: ${open}, not told: ${untold}`,
    drawTable(['from the first failing handshake', 'of', 'mean', 'median'], rows, columns),
  ];
  if (!complete) lines.push(colors.yellow('only the newest are counted: ask for a shorter time'));
  return lines.join('\n');
}
