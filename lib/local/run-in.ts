import { type Children, signalGroup } from './children.ts';
import { codeOf, messageOf, UsageError } from './usage-error.ts';

/** Node says its version within a tenth of a second; a prefix that waits for something is no prefix, in ms. */
const PATIENCE_MS = 10_000;

/** Longer than any message that helps. */
const MOST_CHARACTERS = 300;

/**
 * Runs `node --version` once behind each region's prefix, in the bare environment of its functions.
 * @throws UsageError of one line that names the region and says what its prefix said.
 */
export async function checkPrefixes(
  runIn: ReadonlyMap<string, readonly string[]>,
  children: Children,
): Promise<void> {
  const faults = await Promise.all(
    [...runIn].map(async ([region, words]) => {
      const fault = await faultOf(words, children);
      return fault === null ? null : `--run-in ${region}: ${words.join(' ')}: ${fault}`;
    }),
  );
  const first = faults.find((fault) => fault !== null);
  if (first) throw new UsageError(first);
}

/** What is wrong with a prefix; null: nothing. */
function faultOf(words: readonly string[], children: Children): Promise<string | null> {
  return new Promise((resolve) => {
    const [command = process.execPath, ...rest] = [...words, process.execPath, '--version'];
    const child = children.spawn(command, rest, {
      env: process.env.PATH === undefined ? {} : { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => {
      resolve(`it has not run node within ${PATIENCE_MS / 1000} s; name a command that runs what follows it`);
      signalGroup(child, 'SIGKILL');
    }, PATIENCE_MS);
    let said = '';
    let complained = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complained += text;
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      resolve(codeOf(error) === 'ENOENT' ? 'there is no such command' : messageOf(error));
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) {
        const ran = said.split('\n').includes(process.version);
        resolve(ran ? null : 'it does not run what follows it: name a command that does');
      } else resolve(lineOf(complained) ?? `it ended with ${signal ?? `exit code ${code}`}`);
    });
  });
}

function lineOf(text: string): string | null {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '');
  return line === undefined ? null : line.trim().slice(0, MOST_CHARACTERS);
}
