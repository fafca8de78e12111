import { billOf } from './bill.ts';
import { parseCost, type WrittenCost } from './options.ts';
import { billTable } from './table.ts';

/** Prints a month's bill; nothing is asked of AWS. Exit code 0. @throws UsageError */
export function runCost(written: WrittenCost): number {
  const bill = billOf(parseCost(written));
  const text = written.json
    ? JSON.stringify(bill, null, process.stdout.isTTY ? 2 : undefined)
    : billTable(bill);
  process.stdout.write(`${text}\n`);
  return 0;
}
