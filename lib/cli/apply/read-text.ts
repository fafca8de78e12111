import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { codeOf, UsageError } from '../../local/usage-error.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'that is a directory: name a file in it',
  EACCES: 'it may not be read',
};

/** The text of a file, of standard input for `-`. @throws UsageError */
export async function readText(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = codeOf(cause) ?? '';
    throw new UsageError(`${file}: ${REMEDIES[code] ?? `it cannot be read (${code})`}`, { cause });
  }
}
