import { INTERVALS } from '../../endpoint/endpoint.ts';
import { UsageError } from '../../local/usage-error.ts';
import { HANDSHAKES, type Handshake } from '../../outcome/outcome.ts';
import type { Plan } from './plan.ts';
import { PRICED_REGIONS } from './prices.ts';

/** The options of `parallax cost` as they stand on the command line. */
export interface WrittenCost {
  readonly endpoints: string;
  readonly regions: string;
  readonly home?: string;
  readonly interval: string;
  readonly handshake: string;
  readonly failing: string;
  readonly json: boolean;
}

/** More than that has never been tried. */
const MOST_ENDPOINTS = 100_000;

/** @throws UsageError of one line that names the option and the remedy. */
export function parseCost(written: WrittenCost): Plan {
  const regions = written.regions.split(',').map((text) => text.trim());
  if (written.regions.trim() === '')
    throw new UsageError('--regions: write at least one, such as us-east-1,eu-west-1');
  for (const region of regions) priced('--regions', region);
  const twice = regions.find((region, at) => regions.indexOf(region) !== at);
  if (twice !== undefined) throw new UsageError(`--regions: ${twice} is there twice; name each once`);
  const [first = ''] = regions;
  return {
    endpoints: endpointsIn(written.endpoints),
    regions,
    home: written.home === undefined ? first : priced('--home', written.home),
    intervalSeconds: intervalIn(written.interval),
    handshake: handshakeIn(written.handshake),
    failingPercent: percentIn(written.failing),
  };
}

function priced(option: string, region: string): string {
  if (PRICED_REGIONS.includes(region)) return region;
  throw new UsageError(
    `${option} ${region}: no prices of such a region are known; write some of ${PRICED_REGIONS.join(',')}`,
  );
}

function endpointsIn(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= MOST_ENDPOINTS) return count;
  throw new UsageError(`--endpoints ${text}: write how many are to be watched, 1 to ${MOST_ENDPOINTS}`);
}

function intervalIn(text: string): number {
  const interval = INTERVALS.find((seconds) => String(seconds) === text);
  if (interval !== undefined) return interval;
  throw new UsageError(
    `--interval ${text}: write the seconds between two tries, one of ${INTERVALS.join(' ')}`,
  );
}

function handshakeIn(text: string): Handshake {
  const handshake = HANDSHAKES.find((one) => one === text);
  if (handshake !== undefined) return handshake;
  throw new UsageError(`--handshake ${text}: write one of ${HANDSHAKES.join(', ')}`);
}

function percentIn(text: string): number {
  const percent = Number(text.replace(/%$/, ''));
  if (/^\d+(\.\d+)?%?$/.test(text) && percent <= 100) return percent;
  throw new UsageError(`--failing ${text}: write a share from 0 to 100 %, such as 1 or 0.5`);
}
