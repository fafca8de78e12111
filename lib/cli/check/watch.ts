import { setTimeout as pause } from 'node:timers/promises';
import type { CheckResult } from './here.ts';

/** How tries have ended so far. */
export type Tally = Record<CheckResult, number>;

export const worst = ({ failing, passing, inconclusive }: Tally): CheckResult =>
  failing > 0 ? 'failing' : passing > 0 && inconclusive === 0 ? 'passing' : 'inconclusive';

/** `12 tries: 11 passing, 1 failing`. */
export function tallyLine(tally: Tally): string {
  const entries = Object.entries(tally).filter(([, count]) => count > 0);
  const tries = entries.reduce((sum, [, count]) => sum + count, 0);
  const said = entries.map(([result, count]) => `${count} ${result}`).join(', ');
  return `${tries} ${tries === 1 ? 'try' : 'tries'}${said === '' ? '' : `: ${said}`}`;
}

/**
 * Repeats something every so many seconds, measured from one beginning to the next, until the signal. What is under way then is not
 * waited for.
 */
export async function repeat(
  once: () => Promise<CheckResult>,
  everySeconds: number,
  signal: AbortSignal,
): Promise<Tally> {
  const tally: Tally = { passing: 0, failing: 0, inconclusive: 0 };
  const stopped = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  while (!signal.aborted) {
    const from = performance.now();
    const result = await Promise.race([once(), stopped]);
    if (result === null) break;
    tally[result] += 1;
    const restMs = everySeconds * 1000 - (performance.now() - from);
    if (restMs > 0) await pause(restMs, undefined, { signal }).catch(() => {});
  }
  return tally;
}
