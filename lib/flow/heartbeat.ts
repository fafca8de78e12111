import { getJudged } from '../store/judged.ts';
import type { Table } from '../store/table.ts';

/** An order of the watchdog is judged within seconds; one minute may be lost. */
const RECENT_MS = 150_000;
/** Then nothing is told any more, the judge least of all: only an alarm that is not ours can say so. */
const DEAD_MS = 300_000;
const ANSWER_MS = 5000;

/**
 * Once the sweeps have been sent: asks whether the judge follows, and where all is in order fetches the owner's URL, so that somebody
 * outside hears when it is not. A fetch that fails is only logged: it is the missing one that tells.
 *
 * @returns whether it was fetched.
 * @throws when the judge has judged nothing for 5 min: the watchdog's errors have an alarm of their own.
 */
export async function beat(table: Table, heartbeatUrl: string | null, nowMs: number): Promise<boolean> {
  const judged = await getJudged(table);
  if (judged === null) return false;
  const silentMs = nowMs - judged.at;
  if (silentMs > DEAD_MS) {
    const since = new Date(judged.at).toISOString();
    throw new Error(
      `the judge has judged nothing since ${since}: see its log, its queue and its dead letters`,
      {
        cause: judged,
      },
    );
  }
  if (heartbeatUrl === null || judged.open.length > 0 || silentMs > RECENT_MS) return false;
  try {
    const answer = await fetch(heartbeatUrl, { signal: AbortSignal.timeout(ANSWER_MS) });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    return true;
  } catch (error) {
    // Whoever knows the URL can beat: it stays out of the log.
    console.warn(JSON.stringify({ message: 'heartbeat not taken', error: String(error) }));
    return false;
  }
}
