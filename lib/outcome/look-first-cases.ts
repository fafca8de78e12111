import { ADVICE } from './advice.ts';
import { ADVICE_BY_REASON } from './advice-by-reason.ts';
import type { Advice, OutcomeName } from './advice-shape.ts';
import { ABOUT_FILTERS, ABOUT_HOST } from './lines.ts';
import type { LookFirst, LookFirstRule } from './look-first-shape.ts';
import type { Evidence } from './outcome.ts';

/** A dead address fails for everybody who tries it: what helps is the advice for silence from everywhere. */
function reachOf(rule: LookFirstRule): keyof Advice {
  switch (rule) {
    case 'blocked_from_some':
    case 'refused_from_some':
    case 'unresolved_from_some':
    case 'handshake_differs':
      return 'some';
    case 'not_watched':
    case 'unproven':
    case 'failing_where_seen':
    case 'dead_address_from_some':
    case 'not_listening':
    case 'unreachable_everywhere':
    case 'unresolved_everywhere':
    case 'handshake_fails_everywhere':
    case 'fails_everywhere_mixed':
    case 'reachable':
      return 'everywhere';
  }
}

export interface Case {
  readonly name: OutcomeName;
  readonly reason: string;
  readonly evidence: Evidence | null;
  readonly reach: keyof Advice;
  /** Another region was answered there, if only by a refusal. */
  readonly hostAnswers: boolean;
}

const isOutcomeName = (text: string): text is OutcomeName => Object.hasOwn(ADVICE, text);

/** The distinct ways in which the regions fail, the most frequent first. */
export function casesOf({ rule, failing }: LookFirst): Case[] {
  const counted = new Map<string, { readonly one: Case; count: number }>();
  for (const region of failing) {
    const { stage, outcome, reason, evidence } = region;
    const name = `${stage} ${outcome}`;
    if (!isOutcomeName(name)) continue;
    const others = failing.filter(({ address }) => address !== null && address === region.address);
    // Whoever gets a handshake to fail has met a port that listens: what fails before that fails from some regions only.
    const listens =
      stage === 'tcp' && others.some((one) => one.evidence === 'listening' || one.evidence === 'interfered');
    const reach = listens && evidence !== 'interfered' ? 'some' : reachOf(rule);
    const hostAnswers = others.some((one) => one.evidence === 'refused');
    const key = `${name} ${reason} ${reach}`;
    const entry = counted.get(key);
    if (entry) entry.count += 1;
    else
      counted.set(key, {
        one: { name, reason: `${outcome} ${reason}`, evidence, reach, hostAnswers },
        count: 1,
      });
  }
  return [...counted.values()].sort((a, b) => b.count - a.count).map(({ one }) => one);
}

/** What is to be looked at because of it, before placeholders are filled. */
export function linesOf({ name, reason, evidence, reach, hostAnswers }: Case): readonly string[] {
  const byReason = Object.hasOwn(ADVICE_BY_REASON, reason) ? ADVICE_BY_REASON[reason] : undefined;
  return [...(byReason ?? []), ...ADVICE[name][reach]].filter(
    (line) =>
      !(evidence === 'listening' && ABOUT_FILTERS.has(line)) && !(hostAnswers && ABOUT_HOST.has(line)),
  );
}
