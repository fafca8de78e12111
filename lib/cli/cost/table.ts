import Table from 'cli-table3';
import { colors } from '../colors.ts';
import type { Bill, Sum } from './bill.ts';
import { COUNTED } from './units.ts';

const number = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 });

/** Dollars to the cent. */
export const dollars = (usd: number): string =>
  `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

/** What is small, to the hundred-thousandth of a dollar. */
const small = (usd: number): string => `$${usd.toFixed(5)}`;

/** The bill as a table, what it is for one endpoint in one region, what others ask, and on what it rests. */
export function billTable(bill: Bill): string {
  const { plan, lines, watching, total } = bill;
  const table = new Table({
    head: ['a month', 'quantity', '', 'list', 'net'].map((text) => colors.bold(text)),
    colAligns: ['left', 'right', 'left', 'right', 'right'],
    style: { head: [], border: colors.isColorSupported ? ['dim'] : [], compact: true },
  });
  const add = (what: string, { listUsd, netUsd }: Sum): void => {
    table.push([colors.bold(what), '', '', colors.bold(dollars(listUsd)), colors.bold(dollars(netUsd))]);
  };
  for (const line of lines) {
    if (line.item === 'egress') add('Parallax without internet egress', watching);
    table.push([line.title, number(line.quantity), line.unit, dollars(line.listUsd), dollars(line.netUsd)]);
  }
  add('all', total);
  const each = bill.perEndpointRegion;
  const watched = `${number(plan.endpoints)} endpoint${plan.endpoints === 1 ? '' : 's'}`;
  const failing =
    bill.failingEndpoints > 0 ? `, ${number(bill.failingEndpoints)} of them filtered all month` : '';
  return [
    `${watched} × ${plan.regions.length} region${plan.regions.length === 1 ? '' : 's'} every ${plan.intervalSeconds} s, ${plan.handshake}${failing}; home ${plan.home}`,
    table.toString(),
    `An endpoint in a region: ${small(each.watching.listUsd)} a month, ${small(each.total.listUsd)} with egress; net ${small(each.watching.netUsd)}, ${small(each.total.netUsd)}`,
    'net: without what AWS gives to every account each month; other things in the account may use it up',
    '',
    'The same from others, list price',
    ...bill.others.map(
      ({ what, listUsd, note }) =>
        `  ${dollars(listUsd).padStart(13)}  ${what}, ${ratio(listUsd, total.listUsd)}${note === null ? '' : ` (${note})`}`,
    ),
    ...assumed(bill),
    `Units counted ${COUNTED.countedOn}; prices as dated with --json (sources). Lambda's times are modelled: docs/cost.md`,
  ].join('\n');
}

const ratio = (usd: number, ours: number): string =>
  `${number(Number((usd / ours).toPrecision(2)))} × this bill`;

function assumed({ assumed: regions }: Bill): readonly string[] {
  if (regions.length === 0) return [''];
  return [
    '',
    "us-east-1's price is taken where a region's own is not known here",
    ...regions.map(({ region, prices }) => `  ${region}: ${prices.join(', ')}`),
  ];
}
