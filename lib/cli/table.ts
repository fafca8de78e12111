import Table from 'cli-table3';
import { colors } from './colors.ts';

/** No column is narrowed below this, whatever the terminal. */
const MIN_WIDTH = 10;

const NO_LINES = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** Rows of cells, each of one or more lines, under a head; at most `columns` wide as long as that is possible. */
export function drawTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): string {
  // Lines between rows help where rows have several lines, and are in the way where they have one.
  const compact = !rows.some((row) => row.some((cell) => cell.includes('\n')));
  const table = new Table({
    head: head.map((text) => colors.bold(text)),
    style: { head: [], border: colors.isColorSupported ? ['dim'] : [] },
    colWidths: widths(head, rows, columns),
    chars: compact ? NO_LINES : {},
    wordWrap: true,
  });
  table.push(...rows.map((row) => [...row]));
  if (!compact) return table.toString();
  const [top = '', names = '', ...rest] = table.toString().split('\n');
  const below = top.replaceAll('┬', '┼').replace('┌', '├').replace('┐', '┤');
  return [top, names, below, ...rest].join('\n');
}

/** The width that each column's longest line wants, narrowed alike where the terminal is too narrow. */
function widths(head: readonly string[], rows: readonly (readonly string[])[], columns: number): number[] {
  const wanted = head.map(
    (text, column) =>
      2 + Math.max(text.length, ...rows.flatMap((row) => (row[column] ?? '').split('\n').map(visibleLength))),
  );
  const room = columns - head.length - 1;
  const total = wanted.reduce((sum, width) => sum + width, 0);
  if (total <= room) return wanted;
  return shared(wanted, room);
}

/** What is narrow anyway keeps its width; the rest is shared by the others in proportion. */
function shared(wanted: readonly number[], room: number): number[] {
  const least = wanted.map((width) => Math.min(width, MIN_WIDTH));
  const spare = Math.max(0, room - least.reduce((sum, width) => sum + width, 0));
  const more = wanted.map((width, column) => width - (least[column] ?? 0));
  const total = more.reduce((sum, width) => sum + width, 0);
  return least.map((width, column) => width + Math.floor(((more[column] ?? 0) * spare) / total));
}

/** Without colour sequences. */
export function visibleLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ECMA-48 colour sequences begin with ESC
  return text.replaceAll(/\x1b\[[0-9;]*m/g, '').length;
}
