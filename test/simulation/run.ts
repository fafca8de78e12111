import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { START } from '../support/tries.ts';
import { type Counts, countsOf } from './counts.ts';
import { MIXES, type MixName } from './mix.ts';
import { type Lived, placeOf, simulate } from './simulate.ts';

const USAGE = `npm run simulate -- [--seed N] [--days N] [--endpoints N] [--mix ${Object.keys(MIXES).join('|')}] [--json]`;
const PROGRESS_EVERY_MS = 10_000;
/** At most so many places are shown of each kind. */
const SHOWN = 8;

const progress = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Null: not of the form that USAGE says. */
function optionsOf() {
  try {
    return parsed();
  } catch (error) {
    progress(`${error instanceof Error ? error.message : error}: ${USAGE}`);
    return null;
  }
}

function parsed() {
  return parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      days: { type: 'string', default: '10' },
      endpoints: { type: 'string', default: '1000' },
      mix: { type: 'string', default: 'usual' },
      json: { type: 'boolean', default: false },
    },
  }).values;
}

/** Simulates endpoint-days and prints what they came to. Exit code 2 for a bad option; findings are no failure. */
function main(): void {
  const values = optionsOf();
  if (!values) {
    process.exitCode = 2;
    return;
  }
  const [seed, days, endpoints] = [values.seed, values.days, values.endpoints].map(Number);
  const numbers = [seed, days, endpoints].every((one) => Number.isInteger(one) && (one ?? -1) >= 0);
  if (seed === undefined || !days || !endpoints || !numbers || !isMix(values.mix)) {
    progress(`every number must be a whole one, days and endpoints above 0: ${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const { mix } = values;
  const begun = performance.now();
  let shownAt = begun;
  const lived: Lived[] = [];
  for (let endpoint = 0; endpoint < endpoints; endpoint += 1) {
    lived.push(simulate(seed, endpoint, days, MIXES[mix]));
    if (performance.now() - shownAt < PROGRESS_EVERY_MS) continue;
    shownAt = performance.now();
    progress(`${lived.length} of ${endpoints} endpoints`);
  }
  const counts = countsOf(lived);
  const places = lived.flatMap((one) => one.findings.map((finding) => placeOf(one, finding, START)));
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  if (values.json) console.log(JSON.stringify({ seed, days, endpoints, mix, ...counts, places }, null, 2));
  else {
    console.log(tableOf(counts));
    for (const place of few(places)) console.log(place);
  }
  progress(`${days} days of ${endpoints} endpoints, seed ${seed}, mix ${mix}: ${seconds} s`);
}

function isMix(name: string): name is MixName {
  return Object.hasOwn(MIXES, name);
}

function tableOf(counts: Counts): string {
  const table = new Table({
    head: ['what', '', 'p50', 'p90', 'p99', 'max'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const { findings, detectionSeconds, resolveSeconds, publishes, ...numbers } = counts;
  for (const [name, value] of Object.entries({ ...numbers, ...findings })) {
    table.push([words(name), shown(value), '', '', '', '']);
  }
  for (const [format, count] of Object.entries(publishes))
    table.push([`published as ${format}`, shown(count)]);
  const times = { ...prefixed('detection s, interval ', detectionSeconds), 'resolve s': resolveSeconds };
  for (const [name, { count, p50, p90, p99, max }] of Object.entries(times)) {
    table.push([name, count, p50 ?? '–', p90 ?? '–', p99 ?? '–', max ?? '–']);
  }
  return table.toString();
}

function prefixed<T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [prefix + name, value]));
}

function words(name: string): string {
  return name.replaceAll('_', ' ').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

/** The first few of each kind. */
function few(places: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return places.filter((place) => {
    const [kind = ''] = place.split(' ');
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    return (seen.get(kind) ?? 0) <= SHOWN;
  });
}

main();
