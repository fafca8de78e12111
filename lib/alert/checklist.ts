import type { Transition } from '../incident/state.ts';
import { lookFirst } from '../outcome/look-first.ts';
import { forbiddenOf, grouped, sourcesOf, spokenOf } from './facts.ts';

/** What to look at first; nothing once it is over. */
export function checklistOf(transition: Transition): string[] {
  if (transition.event === 'resolve') return [];
  const { failing: all, unknown } = grouped(transition);
  const isUnwatched = transition.rule === 'not_watched';
  const failing = isUnwatched ? forbiddenOf(unknown) : spokenOf(transition, all);
  return lookFirst({
    rule: transition.rule,
    failing,
    host: transition.endpoint.host,
    port: transition.endpoint.port,
    serverName: transition.endpoint.serverName,
    sourceAddresses: sourcesOf(failing),
  });
}

/**
 * Commands that show more, and that say who looks after it as long as nobody does. An id that the API would not have accepted is
 * not put where a shell may read it.
 */
export function commandsOf({ endpoint: { id }, event, acknowledged, reminder }: Transition): string[] {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(id)) return ['parallax status'];
  const open = event === 'trigger' || event === 'update';
  const alone = reminder || acknowledged === null;
  return [`parallax status ${id}`, ...(open && alone ? [`parallax ack ${id}`] : [])];
}

/** The API's own limit; half a link is worse than none. */
const RUNBOOK_MOST_CHARACTERS = 2000;

export function runbookOf({ runbookUrl }: Transition): string | null {
  if (runbookUrl === null || runbookUrl.length > RUNBOOK_MOST_CHARACTERS) return null;
  return /^https?:\/\/[\x21-\x7e]+$/.test(runbookUrl) ? runbookUrl : null;
}
