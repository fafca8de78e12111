import { UsageError } from '../local/usage-error.ts';
import { bodyOf, connect, type Schemas } from './api-client.ts';
import { colors } from './colors.ts';
import { someIn } from './endpoint-flags.ts';
import type { WrittenApi } from './options.ts';
import { print } from './print.ts';
import { waiting } from './progress.ts';
import { loginName } from './quiet.ts';
import { drawTable } from './table.ts';
import { clockOf, timeIn } from './time.ts';
import { type Wording, worded } from './wording.ts';

type Maintenance = Schemas['Maintenance'];

export interface WrittenMaintenance extends WrittenApi {
  readonly endpoints?: string;
  readonly tags?: string;
  readonly all: boolean;
  readonly from?: string;
  readonly until?: string;
  readonly cron?: string;
  readonly timeZone?: string;
  readonly minutes?: string;
  readonly note?: string;
  readonly by?: string;
}

const WORDING: Wording = {
  id: 'the id',
  note: '--note',
  by: '--by',
  endpoints: '--endpoints',
  tags: '--tags',
  from: '--from',
  until: '--until',
  cron: '--cron',
  timeZone: '--time-zone',
  durationMinutes: '--minutes',
};

/** Prints all maintenance with its present or next window. Exit code 0. */
export async function runMaintenances(options: WrittenApi): Promise<number> {
  const page = await waiting('maintenance', bodyOf(connect(options).GET('/maintenance')));
  print(options, page, (columns) =>
    page.items.length === 0
      ? colors.dim('no maintenance')
      : maintenanceTable(page.items, Date.now(), columns),
  );
  return 0;
}

/** Plans maintenance, in place of any of the same id. Exit code 0. @throws UsageError */
export async function runPlan(id: string, options: WrittenMaintenance): Promise<number> {
  const { note, by = loginName() } = options;
  const body = { note, by, endpoints: concernedIn(options), schedule: scheduleIn(options) };
  const params = { path: { id } };
  const planning = bodyOf(connect(options).PUT('/maintenance/{id}', { params, body }));
  const planned = await waiting(`planning ${id}`, worded(WORDING, planning));
  print(options, planned, (columns) => maintenanceTable([planned], Date.now(), columns));
  return 0;
}

/** Ends maintenance and plans none any more. Exit code 0. */
export async function runEnd(id: string, options: WrittenApi): Promise<number> {
  await waiting(`ending ${id}`, connect(options).DELETE('/maintenance/{id}', { params: { path: { id } } }));
  print(options, {}, () => `${id}: over, and not planned any more`);
  return 0;
}

function concernedIn({ all, endpoints, tags }: WrittenMaintenance): Maintenance['endpoints'] {
  if (all === (endpoints !== undefined || tags !== undefined)) {
    throw new UsageError('maintenance: say of what: --endpoints a,b and --tags c,d, or --all');
  }
  if (all) return 'all';
  return {
    ...(endpoints === undefined ? {} : { ids: someIn('--endpoints', endpoints) }),
    ...(tags === undefined ? {} : { tags: someIn('--tags', tags) }),
  };
}

function scheduleIn(options: WrittenMaintenance): Maintenance['schedule'] {
  const { cron, timeZone, minutes } = options;
  const from = options.from === undefined ? undefined : timeIn('--from', options.from, 'ahead');
  const until = options.until === undefined ? undefined : timeIn('--until', options.until, 'ahead');
  if (cron === undefined) {
    if (timeZone !== undefined || minutes !== undefined) {
      throw new UsageError('maintenance: --time-zone and --minutes go with --cron; once is --until alone');
    }
    if (until === undefined) {
      throw new UsageError('maintenance: say when: --until 2h, or --cron with --time-zone and --minutes');
    }
    return { from: from ?? new Date().toISOString(), until };
  }
  if (timeZone === undefined || !/^\d{1,6}$/.test(minutes ?? '')) {
    throw new UsageError('maintenance: --cron wants --time-zone, such as Europe/Berlin, and --minutes 180');
  }
  return { cron, timeZone, durationMinutes: Number(minutes), from, until };
}

/** One line a maintenance: what it is about, when it is, and what for. */
export function maintenanceTable(items: readonly Maintenance[], nowMs: number, columns: number): string {
  const head = ['maintenance', 'of', 'schedule', 'windows', 'note'];
  const rows = items.map(({ id, endpoints, schedule, windows, note, by }) => [
    colors.bold(id),
    endpoints === 'all'
      ? 'all'
      : [...(endpoints.ids ?? []), ...(endpoints.tags ?? []).map((tag) => `tag ${tag}`)].join('\n'),
    'cron' in schedule
      ? `${schedule.cron}\n${colors.dim(`${schedule.timeZone}, ${schedule.durationMinutes} min`)}`
      : 'once',
    windows.map((window) => windowText(window, nowMs)).join('\n') || colors.dim('over'),
    [note, by === null ? null : colors.dim(by)].filter((text) => text !== null).join('\n'),
  ]);
  return drawTable(head, rows, columns);
}

function windowText({ from, until }: Maintenance['windows'][number], nowMs: number): string {
  if (Date.parse(from) <= nowMs) return colors.yellow(`now, until ${clockOf(until)}`);
  return `${clockOf(from)} – ${clockOf(until)}`;
}
