import { handshakesRule, partialRule } from './evidence.ts';
import type { RegionState } from './region-state.ts';
import type { Rule } from './verdict.ts';

/**
 * What one try from each region says together, in the judge's words. It is no verdict: nothing is confirmed by a second try.
 *
 * @param states by region, of one try each; regions that have not answered are absent.
 * @returns null: no try says anything of the port.
 */
export function ruleOfCheck(states: Readonly<Record<string, RegionState>>): Rule | null {
  const spoken = Object.entries(states).filter(([, { conclusiveAt }]) => conclusiveAt !== null);
  const failing = spoken.filter(([, { failing: facts }]) => facts !== null).map(([region]) => region);
  const listening = spoken.filter(([, { failing: facts }]) => facts === null).map(([region]) => region);
  if (spoken.length === 0) return null;
  if (failing.length === 0) return 'reachable';
  if (listening.length > 0) return partialRule(states, failing, listening, null);
  return failing.length === 1 ? 'failing_where_seen' : handshakesRule(states, failing);
}
