import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import type { Figure } from './bench.ts';

/** A zip's local header and its line in the directory, without names, and its end (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16). */
const ENTRY_BYTES = 30 + 46;
const END_BYTES = 22;

/** What a cold start has to read of a function. */
export function sizes(name: string, directory: string): readonly Figure[] {
  const files = readdirSync(directory).map((file) => ({
    file,
    content: readFileSync(join(directory, file)),
  }));
  const script = files.find(({ file }) => file === 'index.mjs')?.content.length ?? Number.NaN;
  const zip = files.reduce(
    (sum, { file, content }) => sum + deflateRawSync(content).length + ENTRY_BYTES + 2 * file.length,
    END_BYTES,
  );
  const isProbe = name === 'probe';
  return [
    { what: `JavaScript, ${name}`, value: script, unit: 'bytes', ...(isProbe ? { atMost: 600_000 } : {}) },
    {
      what: `zip, ${name}`,
      value: zip,
      unit: 'bytes',
      ...(isProbe ? { atMost: 1_000_000 } : {}),
      note: files.map(({ file }) => file).join(', '),
    },
  ];
}
