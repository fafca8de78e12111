import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import type { Children } from '../children.ts';
import { codeOf } from '../usage-error.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/parallax');
/** What the built files depend on: its sources, what these import of lib, and the versions of the libraries. */
const SOURCES = ['dashboard', 'lib/outcome', 'package-lock.json'];

/** Name of a file (`index.html`, `assets/…`) to its bytes. */
export type Files = ReadonlyMap<string, Buffer>;

const built = z.record(z.string(), z.string());

/** The dashboard as it was built from these sources before; null: it has to be built. */
export function cachedFiles(): Files | null {
  try {
    return filesOf(readFileSync(cacheFile(), 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Builds the dashboard, in a process of its own since it computes for a second or two, and keeps it for the next time.
 * @throws with what the builder wrote when it fails.
 */
export async function buildFiles(children: Children): Promise<Files> {
  const file = cacheFile();
  const child = children.spawn(process.execPath, [join(ROOT, 'dashboard/build.ts')], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const [how, json, written] = await Promise.all([
    ended,
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ]);
  if (how !== 'exit code 0') throw new Error(`the dashboard cannot be built (${how}):\n${written.trim()}`);
  keep(file, json);
  return filesOf(json);
}

const filesOf = (json: string): Files =>
  new Map(
    Object.entries(built.parse(JSON.parse(json))).map(([name, body]) => [name, Buffer.from(body, 'base64')]),
  );

/** Others may build the same at the same time: whoever is last writes the same again. */
function keep(file: string, json: string): void {
  const partial = `${file}.${process.pid}`;
  try {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(partial, json);
    renameSync(partial, file);
  } catch (error) {
    // Installed by somebody else: then it is built at each start.
    if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '')) throw error;
  }
}

function cacheFile(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const name of namesIn(source)) hash.update(`${name}\0`).update(readFileSync(join(ROOT, name)));
  }
  return join(CACHE, `dashboard-${hash.digest('hex').slice(0, 16)}.json`);
}

function namesIn(source: string): readonly string[] {
  if (source.endsWith('.json')) return [source];
  return readdirSync(join(ROOT, source), { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = `${source}/${entry.name}`;
      return entry.isDirectory() ? namesIn(name) : [name];
    });
}
