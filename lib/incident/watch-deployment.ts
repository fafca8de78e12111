import type { Finding } from './watch-state.ts';

/** What is known of the deployment as a whole. Times are epoch ms. */
export interface DeploymentFacts {
  /** Messages that were put aside, by region; null: the judge's. A queue that nobody has looked at is absent. */
  readonly deadLetters: ReadonlyMap<string | null, number>;
  /** When the oldest order that is being judged was sent; null: there is none that says. */
  readonly sentMs: number | null;
  /** Formats that could not be told: the first failure of a run, and its newest. */
  readonly untold: readonly { readonly format: string; readonly since: number; readonly at: number }[];
}

/** A message is received again after 60 s: what was judged on its third receive was late. */
const LATE_MS = 150_000;
const IN_TIME_MS = 60_000;

/** What a topic refuses is tried again after 60 s, twice, and by every sweep: the third refusal is no moment's trouble. */
const UNTOLD_MS = 100_000;
/** A sweep comes every 5 min: one that has not failed again after this has told everything. */
export const TOLD_AGAIN_MS = 420_000;

/** By subject, what is wrong; null: nothing. What nobody has looked at is as it was. */
export function findingsOf(
  facts: DeploymentFacts,
  deployedRegions: readonly string[],
  open: Readonly<Record<string, { readonly finding: Finding }>>,
  now: number,
): readonly (readonly [subject: string, finding: Finding | null])[] {
  const known = (subject: string): Finding | null => open[subject]?.finding ?? null;
  const queues = [null, ...deployedRegions].map((region) => {
    const subject = region === null ? 'parallax.dead-letters' : `dead-letters.${region}`;
    return [subject, deadLetters(region, facts.deadLetters.get(region), known(subject), now)] as const;
  });
  return [
    ...queues,
    ['parallax.judge', lagging(facts.sentMs, known('parallax.judge'), now)],
    ['parallax.untold', untold(facts.untold, known('parallax.untold'), now)],
  ];
}

function deadLetters(
  region: string | null,
  messages: number | undefined,
  open: Finding | null,
  now: number,
): Finding | null {
  if (messages === undefined) return open;
  return messages > 0 ? (open ?? { kind: 'dead_letters', region, since: now, messages }) : null;
}

function lagging(sentMs: number | null, open: Finding | null, now: number): Finding | null {
  if (sentMs === null) return open;
  if (open) return now - sentMs > IN_TIME_MS ? open : null;
  return now - sentMs > LATE_MS ? { kind: 'judge_lagging', region: null, since: sentMs } : null;
}

function untold(facts: DeploymentFacts['untold'], open: Finding | null, now: number): Finding | null {
  const runs = facts.filter(({ at }) => now - at <= TOLD_AGAIN_MS);
  if (open) return runs.length > 0 ? open : null;
  const certain = runs.filter(({ since, at }) => at - since >= UNTOLD_MS);
  if (certain.length === 0) return null;
  return {
    kind: 'untold_alerts',
    region: null,
    since: Math.min(...certain.map(({ since }) => since)),
    formats: certain.map(({ format }) => format),
  };
}
