import type { Failing, Observation } from '../round/observation.ts';
import type { FamilyHealth } from './control-health.ts';

/** Failures that were decided before a packet was sent: no control can say anything of them. */
const UNSENT = new Set(['no_ipv6', 'address_busy']);

/** Whether controls should be tried beside this observation. */
export function asksForControls(observation: Observation): boolean {
  if (observation.passed || observation.outcome === 'address_forbidden') return false;
  return observation.reason === null || !UNSENT.has(observation.reason);
}

/**
 * Whether a failure to resolve says something of the name. A control name that resolved proves the resolver; of silence, one that
 * did each time. Where no control has a name, only an answer does: "no such name" and "no such address" are statements,
 * trouble and silence are not.
 */
function resolverBlamed(failing: Failing, { resolved }: FamilyHealth): boolean {
  if (failing.stage !== 'dns') return false;
  switch (resolved) {
    case 'each_time':
      return false;
    case 'sometimes':
      return hasTimedOut(failing);
    case 'never':
      return true;
    case null:
      return failing.outcome !== 'nxdomain' && failing.outcome !== 'no_answer';
  }
}

/** Lost packets look like this and like nothing else: a refusal or a reset is an answer. */
export function hasTimedOut(observation: Observation): boolean {
  return !observation.passed && observation.outcome === 'timeout';
}

/**
 * A sick prober blames itself: what it cannot answer for becomes inconclusive.
 *
 * @param health what the controls say of the address family that the try was to use
 */
export function blame(failing: Failing, health: FamilyHealth): Failing {
  if (failing.evidence === 'inconclusive') return failing;
  if (!health.reached || (health.lossy && hasTimedOut(failing))) {
    return { ...failing, evidence: 'inconclusive', reason: 'region_unhealthy' };
  }
  if (resolverBlamed(failing, health)) {
    return { ...failing, evidence: 'inconclusive', reason: 'resolver_unhealthy' };
  }
  return failing;
}
