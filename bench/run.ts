import { readdirSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { inspect, parseArgs } from 'node:util';
import Table from 'cli-table3';
import type { Bench, Figure } from './bench.ts';

const ENDING = '.bench.ts';

interface Measured {
  readonly name: string;
  readonly title: string;
  readonly seconds: number;
  /** null: it ran to its end. */
  readonly error: string | null;
  readonly figures: readonly Figure[];
}

const machine = {
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${process.arch}`,
  node: process.version,
  loadAtStart: loadavg()[0],
};

const progress = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

let interrupted = false;

/** The first Ctrl-C ends what runs, and that clears up after itself; the second does not wait. */
function interrupt(): void {
  if (interrupted) process.exit(130);
  interrupted = true;
  process.exitCode = 130;
  progress('ending; once more to leave everything as it is');
}

/** Runs the named benches, or all: `node bench/run.ts [NAME…] [--json]`. Exit code 2 for a name there is none of, 1 when one of them failed. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const known = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    progress(`no bench is called ${unknown.join(', ')}; there are ${known.join(', ')}`);
    process.exitCode = 2;
    return;
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const measured: Measured[] = [];
  for (const name of positionals.length > 0 ? positionals : known) {
    if (interrupted) break;
    const { bench } = (await import(`./${name}${ENDING}`)) as { readonly bench: Bench };
    progress(`${name}: ${bench.title}`);
    const begun = performance.now();
    let figures: readonly Figure[] = [];
    let error: string | null = null;
    try {
      figures = await bench.run((text) => progress(`  ${text}`));
    } catch (thrown) {
      // The others can be measured all the same.
      error = String(thrown);
      if (interrupted) break;
      process.exitCode = 1;
      progress(`${name} failed: ${inspect(thrown)}`);
    }
    measured.push({ name, title: bench.title, seconds: (performance.now() - begun) / 1000, error, figures });
    if (!values.json && error === null) console.log(tableOf(figures));
  }
  if (values.json) console.log(JSON.stringify({ machine, benches: measured }, null, 2));
  else
    console.log(
      `${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}, load ${machine.loadAtStart?.toFixed(1)} at the start`,
    );
}

function tableOf(figures: readonly Figure[]): string {
  const table = new Table({
    head: ['figure', 'measured', 'to reach', ''],
    colAligns: ['left', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { what, value, unit, atMost, median, timesOurs, note } of figures) {
    const remarks = [
      value !== null && atMost !== undefined && (value > atMost ? 'not reached' : 'reached'),
      median !== undefined && `median ${shown(median)} ${unit}`,
      timesOurs !== undefined && `${shown(timesOurs)} × ours`,
      note,
    ];
    table.push([
      what,
      value === null ? '–' : `${shown(value)} ${unit}`,
      atMost === undefined ? '' : `≤ ${shown(atMost)} ${unit}`,
      remarks.filter(Boolean).join('; '),
    ]);
  }
  return table.toString();
}

/** Three digits that mean something, two of what is very small. */
function shown(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(value < 0.1 ? 2 : 3)));
}

await main();
