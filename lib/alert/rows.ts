import type { Stage } from '../outcome/outcome.ts';
import type { RegionReport } from '../verdict/region-state.ts';
import type { Rule } from '../verdict/verdict.ts';
import { type Grouped, isBlocked, outcomeWords } from './facts.ts';
import { oneLine } from './limits.ts';
import { clock } from './time.ts';
import { stillFails } from './verbs.ts';

/** A judge reads the rounds of at least this long again, so of a younger run it has counted every try. */
const COUNTED_MS = 180_000;

type Label = 'blocked' | 'failing' | 'recovering' | 'unsettled' | 'listening' | 'no data';

interface Row {
  readonly label: Label;
  readonly region: string;
  readonly cells: readonly string[];
}

/** The regions as lines of one table: failing first, then unsettled, listening with timings, no data. */
export function rowsOf(groups: Grouped, rule: Rule, at: number, most: number): string[] {
  const failing = groups.failing.map((report) => failingRow(report, rule, at));
  const unsettled = groups.unsettled.map((report) => ({
    ...failingRow(report, rule, at),
    label: 'unsettled' as const,
  }));
  const listening = groups.listening.map((report) => listeningRow(report, at));
  const unknown = groups.unknown.map((report) => silentRow(report, at));
  const sets = [failing, unsettled, listening, unknown];
  const shown = sets.map((rows) => rows.slice(0, most));
  const labelWidth = Math.max(9, ...shown.flat().map((row) => row.label.length)) + 2;
  const regionWidth = Math.max(...shown.flat().map((row) => row.region.length), 0) + 2;
  return sets.flatMap((rows, index) => {
    const part = shown[index] ?? [];
    const widths = [0, 1, 2].map((cell) => Math.max(0, ...part.map((row) => row.cells[cell]?.length ?? 0)));
    const lines = part.map((row) => {
      const cells = row.cells
        .map((cell, place) => cell.padEnd(widths[place] ?? cell.length))
        .filter((cell) => cell !== '')
        .join('   ');
      return `  ${row.label.padEnd(labelWidth)}${row.region.padEnd(regionWidth)}${cells}`.trimEnd();
    });
    return rows.length > part.length
      ? [...lines, `  … and ${rows.length - part.length} more like these`]
      : lines;
  });
}

function failingRow(report: RegionReport, rule: Rule, at: number): Row {
  const region = oneLine(report.region, 40);
  const address = [report.address, alsoFails(report)]
    .filter((one) => one !== null)
    .map((one) => oneLine(one, 64))
    .join(' and ');
  const source = report.sourceAddress === null ? '' : `tried from ${oneLine(report.sourceAddress, 64)}`;
  if (!stillFails(report)) {
    const words = report.outcome === null ? 'failed when last seen' : `newest try passed, to be confirmed`;
    return { label: 'recovering', region, cells: [words, address, source] };
  }
  const label = rule === 'blocked_from_some' && isBlocked(report) ? 'blocked' : 'failing';
  return { label, region, cells: [`${outcomeWords(report)}, ${triesOf(report, at)}`, address, source] };
}

/** `4 of 4 tries`; of a run so long that not all its rounds were read again, from when it is and how new. */
function triesOf({ tries, since, at: newestAt }: RegionReport, at: number): string {
  const began = since === null ? at : Date.parse(since);
  if (newestAt === null || at - began <= COUNTED_MS) {
    return `${tries} of ${tries} ${tries === 1 ? 'try' : 'tries'}`;
  }
  return `since ${clock(began, at)}, newest try ${clock(Date.parse(newestAt), at)} UTC`;
}

function alsoFails({ elsewhere }: RegionReport): string | null {
  return elsewhere && elsewhere.outcome !== 'ok' ? elsewhere.address : null;
}

function listeningRow(report: RegionReport, at: number): Row {
  const cells = [seenWell(report, at), report.address === null ? '' : oneLine(report.address, 64)];
  return {
    label: 'listening',
    region: oneLine(report.region, 40),
    cells: cells.filter((cell) => cell !== ''),
  };
}

/** The timings; where a try that says nothing has been made since, when it was last seen well. */
function seenWell(report: RegionReport, at: number): string {
  const { evidence, conclusiveAt } = report;
  if (evidence !== 'inconclusive' || conclusiveAt === null) return timingsOf(report);
  return `at ${clock(Date.parse(conclusiveAt), at)} UTC; inconclusive since (${outcomeWords(report)})`;
}

const TIMINGS = [
  ['dns', 'dnsMs'],
  ['tcp', 'tcpMs'],
  ['tls', 'tlsMs'],
  ['http2', 'http2Ms'],
] as const satisfies readonly (readonly [Stage, keyof RegionReport['timings']])[];

/** `dns 1.2  tcp 23.1  tls ~25.0  http2 23.4 ms`: `~` where a busy prober may have spoiled the number. */
function timingsOf({ timings, tainted, synRetransmits }: RegionReport): string {
  const words = TIMINGS.flatMap(([stage, key]) => {
    const ms = timings[key];
    return ms === undefined ? [] : [`${stage} ${tainted.includes(stage) ? '~' : ''}${ms.toFixed(1)}`];
  });
  if (words.length === 0) return '';
  const resent = synRetransmits > 0 ? ` (${synRetransmits} SYN sent again)` : '';
  return `${words.join('  ')} ms${resent}`;
}

function silentRow(report: RegionReport, at: number): Row {
  const region = oneLine(report.region, 40);
  const last = report.at === null ? Number.NaN : Date.parse(report.at);
  const words = Number.isNaN(last)
    ? 'never reported, not counted'
    : report.evidence === 'inconclusive'
      ? `inconclusive (${outcomeWords(report)}) at ${clock(last, at)} UTC, not counted`
      : `silent since ${clock(last, at)} UTC, not counted`;
  const forbidden = report.outcome === 'address_forbidden' && report.address !== null;
  return { label: 'no data', region, cells: [words, forbidden ? oneLine(report.address, 64) : ''] };
}
