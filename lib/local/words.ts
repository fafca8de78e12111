import { UsageError } from './usage-error.ts';

/** Splits a command into words as a shell would, with '…' and "…" but without anything that expands. */
export function splitWords(command: string): readonly string[] {
  const words: string[] = [];
  const pattern = /\s*((?:[^\s'"]|'[^']*'|"[^"]*")+)/gy;
  let read = 0;
  for (const match of command.matchAll(pattern)) {
    read = match.index + match[0].length;
    words.push((match[1] ?? '').replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double));
  }
  if (words.length === 0 || command.slice(read).trim() !== '') {
    throw new UsageError(`--run-in: ${command}: a quote is not closed, or there is no command`);
  }
  return words;
}
