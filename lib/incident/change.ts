import { isDeepStrictEqual } from 'node:util';
import type { RegionState } from '../verdict/region-state.ts';
import type { EndpointState } from './state.ts';

/** The newest times are saved once they are this old, so that silence is measured from about where it began. */
const REFRESH_MS = 60 * 60_000;

/**
 * Whether a state must be saved: more than its newest times have changed. Those are taken in again from the rounds themselves;
 * a write for each would cost more than the probing.
 */
export function hasChanged(before: EndpointState | null, after: EndpointState): boolean {
  if (!before) return true;
  if (!isDeepStrictEqual(lasting(before), lasting(after))) return true;
  return Object.entries(after.regions).some(([name, region]) => {
    const saved = before.regions[name];
    return (region.conclusiveAt ?? 0) - (saved?.conclusiveAt ?? 0) >= REFRESH_MS;
  });
}

function lasting(state: EndpointState): unknown {
  const regions = Object.fromEntries(
    Object.entries(state.regions).map(([name, region]) => [name, lastingOfRegion(region)]),
  );
  return { ...state, regions };
}

/** The failing address and evidence last: probers pin the one, rules go by the other. */
function lastingOfRegion({ state, since, failingSince, failing, elsewhere }: RegionState): unknown {
  const facts = [failing, elsewhere].map((one) => one && [one.address, one.evidence]);
  return { state, since, failingSince, facts };
}
