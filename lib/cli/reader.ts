import { codeOf, messageOf } from '../local/usage-error.ts';

/** These write for as long as somebody reads. */
const ENDLESS: readonly string[] = ['check', 'observations'];

/** This one ends what it has begun, in its own order. */
const OWN = 'local';

const ignored = (): void => {};
/** Of the command line before, where several are run in one process. */
let before: (error: Error) => void = ignored;

/**
 * Whoever reads may have enough (`| head -1`). That is no error: what writes on and on ends, and whatever else a command does is done to
 * its end. @param command - its name.
 */
export function outliveReader(command: string): void {
  if (command === OWN) return;
  const isEndless = ENDLESS.includes(command);
  const failed = (error: Error): void => {
    if (codeOf(error) !== 'EPIPE') {
      process.stderr.write(`parallax: standard output cannot be written: ${messageOf(error)}\n`);
      process.exit(1);
    }
    if (isEndless) process.exit(0);
  };
  process.stdout.off('error', before).on('error', failed);
  process.stderr.off('error', ignored).on('error', ignored);
  before = failed;
}
