import Table from 'cli-table3';
import colors from 'picocolors';
import * as z from 'zod/mini';
import { CLOCK_TROUBLES, type ClockTrouble } from '../round/clock.ts';
import { apiOf, get } from './api-client.ts';
import { milliseconds } from './view.ts';

/** What of a region is shown; the API says more, see docs/api.md. */
const region = z.object({
  region: z.string(),
  notedAt: z.nullable(z.string()),
  health: z.nullable(z.object({ healthy: z.boolean(), since: z.string() })),
  controls: z.nullable(z.object({ passed: z.int(), tried: z.int() })),
  sourceAddresses: z.array(z.object({ address: z.string() })),
  tcpClock: z.nullable(z.enum(['kernel', 'loop'])),
  clockCheck: z.nullable(
    z.object({
      trouble: z.nullable(z.enum(CLOCK_TROUBLES)),
      kernelMs: z.nullable(z.number()),
      loopMs: z.nullable(z.number()),
    }),
  ),
});
export type RegionShown = z.infer<typeof region>;

const page = z.object({ items: z.array(region) });

/** Addresses in a cell; `--json` has them all. */
const MOST_ADDRESSES = 3;

const TROUBLES: Readonly<Record<ClockTrouble, string>> = {
  not_linux: 'this is not Linux',
  koffi_missing: 'koffi is missing',
  kernel_refuses: 'TCP_INFO is refused',
  implausible: 'TCP_INFO cannot be true',
};

/** Prints what the probers of each region say of themselves. Exit code 0, also when one is in trouble. */
export async function runRegions(options: { readonly api: string; readonly json: boolean }): Promise<number> {
  const answer = await get(`${apiOf(options.api)}/regions`);
  process.stdout.write(
    options.json
      ? `${JSON.stringify(answer, null, process.stdout.isTTY ? 2 : undefined)}\n`
      : `${regionsTable(page.parse(answer).items, Date.now())}\n`,
  );
  return 0;
}

/** One line a region: when it was last heard, its health, its addresses, and what times its connects. */
export function regionsTable(regions: readonly RegionShown[], nowMs: number): string {
  const head = ['region', 'heard', 'health', 'controls', 'from', 'tcp clock, itself in ms'];
  const table = new Table({
    head: head.map((text) => colors.bold(text)),
    style: { head: [], border: colors.isColorSupported ? ['dim'] : [] },
  });
  for (const one of regions) {
    table.push([
      colors.bold(one.region),
      one.notedAt === null ? colors.dim('never') : ago(nowMs - Date.parse(one.notedAt)),
      healthOf(one),
      one.controls === null ? colors.dim('–') : `${one.controls.passed} of ${one.controls.tried}`,
      addressesOf(one),
      clockOf(one),
    ]);
  }
  return table.toString();
}

function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 120 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
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
