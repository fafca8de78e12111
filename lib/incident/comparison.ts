import { stateAt } from '../verdict/region-fold.ts';
import type { RegionState } from '../verdict/region-state.ts';
import { ANSWER_MS } from '../verdict/rules.ts';
import type { Scene } from './scene.ts';
import type { EndpointState } from './state.ts';
import { freshSinceOf } from './suspicion.ts';

/** The regions to ask to try an address that listens elsewhere. */
export interface Comparison {
  readonly address: string;
  readonly regions: readonly string[];
}

/**
 * Where an address fails that no other region has seen listening, its failure says nothing of the way to the others: the region may
 * have been given a dead address, or be blocked from the whole service. So it is asked to try one that listens elsewhere, once a
 * suspicion. Null: nothing to compare, or every region has answered.
 */
export function comparisonOf(state: EndpointState, scene: Scene): Comparison | null {
  const { suspicion } = state;
  if (!suspicion || suspicion.askedAt === null) return null;
  const since = freshSinceOf(state) ?? suspicion.startedAt;
  const listening = listeningAddresses(state, scene, since);
  const address = suspicion.comparison?.address ?? mostOften(listening);
  if (address === null) return null;
  const regions = scene.regions.filter((name) => {
    const region = state.regions[name];
    const failing = region?.failing?.address ?? null;
    if (!region || failing === null || saidBy(region, scene) !== 'failing') return false;
    return !listening.includes(failing) && !hasAnswered(region, address, since);
  });
  return regions.length > 0 ? { address, regions } : null;
}

/** Whether the verdict waits for a comparison: it has still to be ordered, or its answers may yet come. */
export function isComparing(state: EndpointState, scene: Scene): boolean {
  const askedAt = state.suspicion?.comparison?.askedAt ?? null;
  return comparisonOf(state, scene) !== null && (askedAt === null || scene.now < askedAt + ANSWER_MS);
}

function listeningAddresses(state: EndpointState, scene: Scene, since: number): string[] {
  return scene.regions.flatMap((name) => {
    const region = state.regions[name];
    if (!region || saidBy(region, scene) !== 'passing') return [];
    return Object.entries(region.passedAt).flatMap(([address, at]) => (at > since ? [address] : []));
  });
}

function mostOften(addresses: readonly string[]): string | null {
  const count = (address: string): number => addresses.filter((one) => one === address).length;
  const [first = null] = [...new Set(addresses)].sort(
    (one, other) => count(other) - count(one) || (one < other ? -1 : 1),
  );
  return first;
}

function hasAnswered({ passedAt, elsewhere }: RegionState, address: string, since: number): boolean {
  return (passedAt[address] ?? Number.NEGATIVE_INFINITY) > since || elsewhere?.address === address;
}

function saidBy(region: RegionState, { now, endpoint }: Scene) {
  return stateAt(region, now, endpoint.intervalSeconds);
}
