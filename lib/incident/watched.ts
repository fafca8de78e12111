import { unknownAfterMs } from '../endpoint/cohort.ts';
import { isWatched } from '../endpoint/endpoint.ts';
import { afterProof, follow, stateAt } from '../verdict/region-fold.ts';
import type { RegionState } from '../verdict/region-state.ts';
import { judgeRegions } from '../verdict/rules.ts';
import { endIncident } from './ending.ts';
import { type JudgeInput, type Scene, sceneOf } from './scene.ts';
import type { EndpointState } from './state.ts';
import { freshSinceOf } from './suspicion.ts';

/**
 * The state that is about the endpoint as it is watched now. What is known of a former host, port or interval proves nothing of
 * this one: its incident ends, and only what has yet to be told and copied is kept.
 */
export function stateOfWatched(input: JudgeInput): EndpointState {
  const { endpoint, tag, state } = input;
  if (!state) return unjudged(input);
  const watched = isWatched(endpoint);
  const same = state.tag === tag && state.watchedSince === endpoint.watchedSince;
  if (watched && same) return state;
  const { version, outbox, uncopied } = ended(state, watched ? 'changed' : 'no_longer_watched', input);
  return { ...unjudged(input), version, outbox, uncopied, wavedAt: state.wavedAt };
}

/** Takes in what the regions have seen: their states, the first proof that the port listens, and silence. */
export function takeIn(state: EndpointState, input: JudgeInput, scene: Scene): EndpointState {
  const { intervalSeconds } = input.endpoint;
  const { regions: names, watchedSince, now } = scene;
  const seen = new Map(
    names.map((region) => [
      region,
      (input.observations.get(region) ?? []).filter(({ at }) => at >= watchedSince),
    ]),
  );
  const passes = [...seen.values()].flat().filter(({ passed }) => passed);
  const provenNow = state.provenAt === null && passes.length > 0;
  const provenAt = provenNow ? Math.min(...passes.map(({ at }) => at)) : state.provenAt;
  const regions: Record<string, RegionState> = {};
  for (const [region, observations] of seen) {
    const followed = follow(state.regions[region], observations, { intervalSeconds });
    if (!followed) continue;
    regions[region] = provenNow && provenAt !== null ? afterProof(followed, provenAt) : followed;
  }
  const heard = names.some((region) => stateAt(regions[region], now, intervalSeconds) !== 'unknown');
  const silentSince = heard ? null : (state.silentSince ?? silenceBegan(regions, scene));
  return { ...state, regions, provenAt, silentSince };
}

/**
 * When silence is first seen: what was heard last may not have been saved, but it lies beyond what makes a region unknown.
 */
function silenceBegan(regions: Readonly<Record<string, RegionState>>, scene: Scene): number {
  const ever = Object.values(regions).some(({ conclusiveAt }) => conclusiveAt !== null);
  if (!ever) return scene.watchedSince;
  return Math.max(scene.watchedSince, scene.now - unknownAfterMs(scene.endpoint.intervalSeconds));
}

function unjudged({ endpoint, tag }: JudgeInput): EndpointState {
  return {
    endpointId: endpoint.id,
    tag,
    watchedSince: endpoint.watchedSince,
    version: 0,
    regions: {},
    provenAt: null,
    suspicion: null,
    incident: null,
    wavedAt: null,
    silentSince: null,
    openings: [],
    outbox: [],
    uncopied: [],
  };
}

function ended(state: EndpointState, end: 'changed' | 'no_longer_watched', input: JudgeInput): EndpointState {
  if (!state.incident) return state;
  const scene = sceneOf(input);
  const { suspicion, provenAt, silentSince } = state;
  const { verdict } = judgeRegions({
    regions: scene.regions,
    states: state.regions,
    suspicion,
    freshSince: freshSinceOf(state),
    provenAt,
    watchedSince: Date.parse(state.watchedSince),
    silentSince,
    incident: state.incident,
    now: scene.now,
    intervalSeconds: scene.endpoint.intervalSeconds,
  });
  return endIncident(state, state.incident, end, { ...scene, settled: true, verdict });
}
