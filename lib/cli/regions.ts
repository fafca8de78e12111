import type { ClockTrouble } from '../round/clock.ts';
import { bodyOf, connect, type Schemas } from './api-client.ts';
import { colors } from './colors.ts';
import type { WrittenApi } from './options.ts';
import { print } from './print.ts';
import { waiting } from './progress.ts';
import { drawTable } from './table.ts';
import { spanOf } from './time.ts';
import { milliseconds } from './view.ts';

type Region = Schemas['Region'];

/** What of a region is shown; the API says more, see docs/api.md. */
export interface RegionShown extends Pick<Region, 'region' | 'notedAt' | 'tcpClock' | 'clockCheck'> {
  readonly health: Pick<NonNullable<Region['health']>, 'healthy' | 'since'> | null;
  readonly controls: Pick<NonNullable<Region['controls']>, 'passed' | 'tried'> | null;
  readonly sourceAddresses: readonly Pick<Region['sourceAddresses'][number], 'address'>[];
}

/** Addresses in a cell; `--json` has them all. */
const MOST_ADDRESSES = 3;

const TROUBLES: Readonly<Record<ClockTrouble, string>> = {
  not_linux: 'this is not Linux',
  koffi_missing: 'koffi is missing',
  kernel_refuses: 'TCP_INFO is refused',
  implausible: 'TCP_INFO cannot be true',
};

/** Prints what the probers of each region say of themselves. Exit code 0, also when one is in trouble. */
export async function runRegions(options: WrittenApi): Promise<number> {
  const page = await waiting('regions', bodyOf(connect(options).GET('/regions')));
  print(options, page, (columns) => regionsTable(page.items, Date.now(), columns));
  return 0;
}

/** One line a region: when it was last heard, its health, its addresses, and what times its connects. */
export function regionsTable(regions: readonly RegionShown[], nowMs: number, columns: number): string {
  const head = ['region', 'heard', 'health', 'controls', 'from', 'tcp clock, itself in ms'];
  const rows = regions.map((one) => [
    colors.bold(one.region),
    one.notedAt === null ? colors.dim('never') : `${spanOf(nowMs - Date.parse(one.notedAt))} ago`,
    healthOf(one),
    one.controls === null ? colors.dim('–') : `${one.controls.passed} of ${one.controls.tried}`,
    addressesOf(one),
    clockOf(one),
  ]);
  return drawTable(head, rows, columns);
}

function healthOf({ health }: RegionShown): string {
  if (health === null) return colors.dim('–');
  return health.healthy ? colors.green('healthy') : colors.red(`unhealthy since ${health.since}`);
}

function addressesOf({ sourceAddresses }: RegionShown): string {
  if (sourceAddresses.length === 0) return colors.dim('–');
  const shown = sourceAddresses.slice(0, MOST_ADDRESSES).map(({ address }) => address);
  const more = sourceAddresses.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

/** The clock, and how long a handshake with itself took by it when the prober started. */
function clockOf({ tcpClock, clockCheck }: RegionShown): string {
  if (tcpClock === null) return colors.dim('–');
  const { trouble = null, kernelMs = null, loopMs = null } = clockCheck ?? {};
  const byLoop = loopMs === null ? '' : ` ${milliseconds(loopMs)}`;
  if (tcpClock === 'loop') return colors.yellow(`loop${byLoop}${trouble ? `: ${TROUBLES[trouble]}` : ''}`);
  return colors.green(`kernel${kernelMs === null ? '' : ` ${kernelMs.toFixed(3)} (loop${byLoop})`}`);
}
