import { stateAt } from '../verdict/region-fold.ts';
import type { RegionState } from '../verdict/region-state.ts';
import { comparisonOf } from './comparison.ts';
import { isOfHandshakes } from './kinds.ts';
import type { Scene } from './scene.ts';
import type { EndpointState, Recall, Suspicion } from './state.ts';
import { othersToAsk, waveId } from './suspicion.ts';

/**
 * Waves of one endpoint are at least this far apart. It is shorter than a chain of retries, so that a suspicion that has to wait
 * is judged again by itself.
 */
const WAVE_EVERY_MS = 30_000;

/** "Try it now", to each of these regions; sent once, then marked by markAsked. */
export interface Orders {
  readonly suspicion: {
    /** Of the suspicion or recall; with `due` part of the key of the rounds, so that a repeated order is tried once. */
    readonly id: string;
    /** Epoch seconds. */
    readonly due: number;
    /** The try that caused it, epoch ms. What answers it came after it, whatever the clock of the region that answers says. */
    readonly startedAt: number;
    /** To be tried first; null: any of the answer. */
    readonly address: string | null;
  };
  readonly regions: readonly string[];
  /** The address is to be tried whatever DNS gives there: it listens elsewhere. What comes of it is neither news nor a recovery. */
  readonly elsewhere: boolean;
}

/** The state with the wave that is due in it, and the orders for it; one that was ordered and not marked is ordered again. */
export function wave(
  state: EndpointState,
  scene: Scene,
): { readonly state: EndpointState; readonly orders: Orders | null } {
  const { suspicion } = state;
  const soon = state.wavedAt !== null && scene.now < state.wavedAt + WAVE_EVERY_MS;
  if (suspicion && suspicion.askedAt === null) {
    if (soon) return { state, orders: null };
    return { state, orders: ordersFor(suspicion, othersToAsk(state, suspicion, scene)) };
  }
  const compared = suspicion && compare(state, suspicion, scene);
  if (compared) return compared;
  return recallWave(state, scene, soon);
}

/** Asks failing regions, once a suspicion, to try what listens elsewhere. */
function compare(
  state: EndpointState,
  suspicion: Suspicion,
  scene: Scene,
): { readonly state: EndpointState; readonly orders: Orders } | null {
  const comparison = comparisonOf(state, scene);
  if (!comparison || (suspicion.comparison?.askedAt ?? null) !== null) return null;
  const { address, regions } = comparison;
  const { id, startedAt } = suspicion;
  return {
    state: { ...state, suspicion: { ...suspicion, comparison: { address, askedAt: null } } },
    orders: { ...ordersFor({ id: `${id}e`, startedAt, address }, regions), elsewhere: true },
  };
}

/** Asks the regions that still fail, once a region passes again: so the end of an outage is told as one. */
function recallWave(
  state: EndpointState,
  scene: Scene,
  soon: boolean,
): { readonly state: EndpointState; readonly orders: Orders | null } {
  const { incident } = state;
  const cause = incident && isOfHandshakes(incident.kind) ? recoveryOf(state, scene) : null;
  if (!incident || cause === null) return { state, orders: null };
  const behind = scene.regions.filter((region) => failsSinceBefore(state.regions[region], cause, scene));
  const { recall } = incident;
  if (recall && recall.askedAt === null) {
    const regions = withAddress(state, behind, recall.address);
    return { state, orders: regions.length > 0 ? ordersFor(recall, regions) : null };
  }
  const [first] = behind;
  const asked = recall?.askedAt ?? null;
  if (first === undefined || soon || (asked !== null && cause <= asked)) return { state, orders: null };
  const next: Recall = {
    id: `${waveId(scene.tag, cause)}r`,
    startedAt: cause,
    address: state.regions[first]?.failing?.address ?? null,
    askedAt: null,
  };
  return {
    state: { ...state, incident: { ...incident, recall: next } },
    orders: ordersFor(next, withAddress(state, behind, next.address)),
  };
}

function ordersFor(
  { id, startedAt, address }: Pick<Recall, 'id' | 'startedAt' | 'address'>,
  regions: readonly string[],
): Orders {
  const suspicion = { id, due: Math.floor(startedAt / 1000), startedAt, address };
  return { suspicion, regions, elsewhere: false };
}

/** When a recovery began that not every failing region has been tried since; null: none. */
function recoveryOf({ incident, regions }: EndpointState, scene: Scene): number | null {
  if (incident?.narrowingSince != null) return incident.narrowingSince;
  const times = scene.regions.flatMap((name) => {
    const region = regions[name];
    const recovers = stateAt(region, scene.now, scene.endpoint.intervalSeconds) === 'recovering';
    return region && recovers ? [region.since] : [];
  });
  return times.length > 0 ? Math.max(...times) : null;
}

function failsSinceBefore(region: RegionState | undefined, cause: number, scene: Scene): boolean {
  if (!region?.failing || stateAt(region, scene.now, scene.endpoint.intervalSeconds) !== 'failing')
    return false;
  return region.failing.at < cause;
}

/** A region asked to try another address than the one that fails there would prove nothing. */
function withAddress(state: EndpointState, regions: readonly string[], address: string | null): string[] {
  return regions.filter((region) => (state.regions[region]?.failing?.address ?? null) === address);
}
