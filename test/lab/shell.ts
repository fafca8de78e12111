import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a program to its end. @throws with what it printed. */
export async function sh(...words: readonly string[]): Promise<string> {
  const [program = '', ...rest] = words;
  const { stdout } = await run(program, rest);
  return stdout;
}

/** Runs a program to its end with `input` as its standard input. @throws with what it printed. */
export async function feed(input: string, ...words: readonly string[]): Promise<string> {
  const [program = '', ...rest] = words;
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${complained}\n${input}`);
  return said;
}

/** Asks again and again until it is so. @throws naming `what` when it is not within the limit. */
export async function until(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  limitMs = 60_000,
  everyMs = 50,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not within ${limitMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
