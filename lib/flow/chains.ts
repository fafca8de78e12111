import { newestByTag } from '../round/news.ts';
import type { RoundCause } from '../round/round.ts';
import { roundsSince } from '../store/round.ts';
import type { Made } from './made.ts';
import type { ProbeContext } from './probe-context.ts';

/** A chain whose newest try began within this is going on: its tries are 10 s apart, and one takes up to 6 s. */
const ALIVE_MS = 16_000;

/**
 * The endpoints that another chain of this region is trying already and has seen the same of: so many chains for one endpoint
 * would only knock more often. Of two, the one whose name comes first goes on; one that only would begin leaves it to any.
 * Where the table does not say, there is no other: two chains are better than none.
 */
export async function triedByOthers(
  { round, causes }: Made,
  context: ProbeContext,
): Promise<ReadonlySet<number>> {
  const since = context.now() - ALIVE_MS;
  const own = causes.length > 0 && round.cause.kind === 'retry' ? round.cause.chain : null;
  const newest = newestByTag(round.observations);
  try {
    const rounds = await roundsSince(context.table, round.cohort, round.region, Math.floor(since / 1000));
    const tried = rounds
      .filter(({ cause }) => isRival(cause, own))
      .flatMap(({ observations }) => observations)
      .filter(({ tag, at, passed }) => at >= since && newest.get(tag)?.passed === passed);
    return new Set(tried.map(({ tag }) => tag));
  } catch (error) {
    console.warn(JSON.stringify({ message: 'other chains unreadable', error: String(error) }));
    return new Set();
  }
}

function isRival(cause: RoundCause, own: string | null): boolean {
  if (cause.kind !== 'retry' || cause.chain === 'open') return false;
  return own === null || cause.chain < own;
}
