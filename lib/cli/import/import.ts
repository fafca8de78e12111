import { HANDSHAKES } from '../../outcome/outcome.ts';
import { fileText } from '../apply/export.ts';
import { readText } from '../apply/read-text.ts';
import { SCHEMA_LINE } from '../apply/schema.ts';
import { type Converted, convert } from './convert.ts';
import { withIds } from './ids.ts';
import { type Module, readModules } from './modules.ts';
import { type ReadTargets, readTargets } from './read.ts';
import { shownTarget } from './target.ts';

const HEADER = [
  SCHEMA_LINE,
  ' Made of the targets of a blackbox_exporter. No request is ever sent here: statuses, bodies and redirects are not looked at.',
  ' A line such as "scope: web" lets parallax apply --prune remove what you take out later.',
];

/** Writes the targets of a blackbox_exporter as the file that apply reads; what cannot be taken over is told. Exit code 0. @throws UsageError */
export async function runImport(
  files: readonly string[],
  { modules: moduleFile }: { readonly modules?: string },
): Promise<number> {
  const modules =
    moduleFile === undefined
      ? new Map<string, Module>()
      : readModules(moduleFile, await readText(moduleFile));
  const read: ReadTargets[] = [];
  for (const file of files) read.push(readTargets(file, await readText(file)));
  const { text, leftOut } = importText(
    { targets: read.flatMap(({ targets }) => targets), leftOut: read.flatMap((one) => one.leftOut) },
    modules,
  );
  process.stdout.write(text);
  for (const line of leftOut) process.stderr.write(`left out: ${line}\n`);
  return 0;
}

/** The file, and what is not in it. */
export function importText(
  read: ReadTargets,
  modules: ReadonlyMap<string, Module>,
): { readonly text: string; readonly leftOut: readonly string[] } {
  const leftOut = [...read.leftOut];
  const byPlace = new Map<string, Converted>();
  for (const target of read.targets) {
    const made = convert(target, modules);
    if ('leftOut' in made) {
      leftOut.push(made.leftOut);
      continue;
    }
    const place = shownTarget(target.target);
    const before = byPlace.get(place);
    byPlace.set(place, before ? farther(before, made) : made);
  }
  const byId = withIds([...byPlace.values()]);
  const endpoints = Object.fromEntries([...byId].map(([id, { fields }]) => [id, fields]));
  const notes = new Map([...byId].map(([id, one]) => [id, one.notes]));
  const comments = [...HEADER, ...leftOut.map((line) => ` Left out: ${line}`)];
  return { text: fileText({ endpoints }, comments, notes), leftOut };
}

/** One place is tried once, as far as any of its targets asks for. */
function farther(one: Converted, other: Converted): Converted {
  const rank = ({ fields }: Converted): number => HANDSHAKES.indexOf(fields.handshake);
  const [far, near] = rank(other) > rank(one) ? [other, one] : [one, other];
  const again = 'several targets are at this address and port: it is tried once';
  return { ...far, notes: [...new Set([...far.notes, ...near.notes, again])] };
}
