import { startLocal } from '../local/local.ts';
import type { LocalOptions } from '../local/options.ts';
import { codeOf, messageOf } from '../local/usage-error.ts';
import { openOutput } from './output.ts';

/**
 * Runs the local stack until SIGINT, SIGTERM, or nobody reads stdout any more (`| head -1`). Resolves with the exit code: 0
 * once all has ended.
 * @param assemble see startLocal.
 * @throws what kept it from starting.
 */
export async function runLocal(
  options: LocalOptions,
  shown: { readonly json: boolean; readonly verbose: boolean },
  assemble?: Parameters<typeof startLocal>[2],
): Promise<number> {
  const output = openOutput(shown);
  const local = startLocal(options, output.report, assemble);
  const asked = Promise.withResolvers<void>();
  let signals = 0;
  const end = (): void => {
    signals += 1;
    if (signals === 1) {
      asked.resolve();
      return;
    }
    local.kill();
    // 128 + SIGINT, as shells count.
    process.exit(130);
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  const orphaned = watchParent(end);
  // These stay: what is written after the first failure fails as well.
  process.stdout.on('error', (error) => {
    if (codeOf(error) === 'EPIPE') asked.resolve();
    else asked.reject(new Error(`standard output cannot be written: ${messageOf(error)}`, { cause: error }));
  });
  // Troubles that nobody wants to read are no reason to end: rounds and alerts may still be read.
  process.stderr.on('error', () => {});
  let failure: unknown = null;
  try {
    await Promise.race([local.ready.then(() => asked.promise), asked.promise]);
  } catch (error) {
    failure = error;
  }
  if (failure === null) output.ending();
  await local.close();
  output.close();
  clearInterval(orphaned);
  process.off('SIGINT', end);
  process.off('SIGTERM', end);
  if (failure !== null) throw failure;
  return 0;
}

/** How often it is looked whether npm's shell is still there, in ms. */
const PARENT_MS = 500;

/**
 * `npm start` runs us below a shell. A signal to npm alone ends that shell and never reaches us, so its end is our signal; where
 * nobody but the user started us we go on without a parent, as a user who wrote `&` wants.
 */
function watchParent(gone: () => void): NodeJS.Timeout | undefined {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, PARENT_MS);
  return timer.unref();
}
