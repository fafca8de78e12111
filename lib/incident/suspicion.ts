import { tagText } from '../endpoint/tag.ts';
import { stateAt } from '../verdict/region-fold.ts';
import type { RegionState } from '../verdict/region-state.ts';
import { ANSWER_MS } from '../verdict/rules.ts';
import type { Scene } from './scene.ts';
import type { EndpointState, Suspicion } from './state.ts';

/**
 * The state with the suspicion that its regions give reason for. It opens with a failing run that no incident speaks of; a run
 * that begins after the others have been asked and waited for is reason for a new one, since their answers say nothing of it.
 */
export function suspect(state: EndpointState, scene: Scene): EndpointState {
  if (state.provenAt === null) return { ...state, suspicion: null };
  const { suspicion } = state;
  const runs = unexplained(state, scene);
  if (!suspicion) return runs.length > 0 ? open(state, scene, runs) : state;
  if (suspicion.askedAt === null) return runs.length > 0 ? state : { ...state, suspicion: null };
  const answeredBy = suspicion.askedAt + ANSWER_MS;
  const late = runs.filter(({ since }) => since > answeredBy);
  return scene.now >= answeredBy && late.length > 0 ? open(state, scene, late) : state;
}

/** Only a try that passed after this testifies: after the newest suspicion there has been. Null: nothing is suspected. */
export function freshSinceOf({ suspicion, incident }: EndpointState): number | null {
  if (!suspicion) return incident?.freshSince ?? null;
  return Math.max(suspicion.startedAt, incident?.freshSince ?? suspicion.startedAt);
}

/** Notes the first region that passes while another fails: see Suspicion.heardAt. */
export function hear(state: EndpointState, listening: readonly string[]): EndpointState {
  const { suspicion, regions } = state;
  if (!suspicion || suspicion.heardAt !== null) return state;
  const passes = listening
    .flatMap((region) => regions[region]?.conclusiveAt ?? [])
    .filter((at) => at > suspicion.startedAt);
  if (passes.length === 0) return state;
  return { ...state, suspicion: { ...suspicion, heardAt: Math.min(...passes) } };
}

/** The state without its suspicion once nothing is left to suspect. The incident remembers since when a pass is fresh. */
export function clear(state: EndpointState, scene: Scene): EndpointState {
  const { suspicion, incident } = state;
  if (!suspicion || unexplained(state, scene).length > 0) return state;
  const freshSince = freshSinceOf(state) ?? suspicion.startedAt;
  return { ...state, suspicion: null, incident: incident && { ...incident, freshSince } };
}

/** The regions to ask about a suspicion: all but the one that began it, and those known to fail. */
export function othersToAsk(state: EndpointState, suspicion: Suspicion, scene: Scene): readonly string[] {
  const { intervalSeconds } = scene.endpoint;
  return scene.regions.filter((region) => {
    const other = state.regions[region];
    if (stateAt(other, scene.now, intervalSeconds) === 'failing') return false;
    return other?.failingSince !== suspicion.startedAt;
  });
}

/** Unique for the deployment: the endpoint's tag and the try that caused it. */
export function waveId(tag: number, at: number): string {
  return `${tagText(tag)}${Math.floor(at).toString(36)}`;
}

interface Run {
  readonly region: RegionState;
  readonly since: number;
}

function open(state: EndpointState, scene: Scene, runs: readonly Run[]): EndpointState {
  const [first] = [...runs].sort((one, other) => one.since - other.since);
  if (!first) return state;
  const suspicion: Suspicion = {
    id: waveId(scene.tag, first.since),
    startedAt: first.since,
    address: first.region.failing?.address ?? null,
    askedAt: null,
    heardAt: null,
    comparison: null,
  };
  const nobody = othersToAsk(state, suspicion, scene).length === 0;
  return { ...state, suspicion: nobody ? { ...suspicion, askedAt: scene.now } : suspicion };
}

/** The failing runs, confirmed or not, that the open incident does not speak of. */
function unexplained({ regions, incident }: EndpointState, scene: Scene): Run[] {
  const { intervalSeconds } = scene.endpoint;
  return scene.regions.flatMap((name) => {
    const region = regions[name];
    if (!region || region.failingSince === null) return [];
    const said = stateAt(region, scene.now, intervalSeconds);
    const explained = said === 'failing' && incident?.failingRegions.includes(name);
    const fails = said === 'suspect' || said === 'failing';
    return fails && !explained ? [{ region, since: region.failingSince }] : [];
  });
}
