import { isWatched } from '../endpoint/endpoint.ts';
import type { RegionReport } from '../verdict/region-state.ts';
import { reportOf } from '../verdict/report.ts';
import { judgeRegions } from '../verdict/rules.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { hasChanged } from './change.ts';
import { isComparing } from './comparison.ts';
import { isOfHandshakes } from './kinds.ts';
import { isCertain, live } from './lifecycle.ts';
import { type JudgedScene, type JudgeInput, type Scene, sceneOf } from './scene.ts';
import type { EndpointState, Incident, Transition } from './state.ts';
import { clear, freshSinceOf, hear, suspect } from './suspicion.ts';
import { transitionOf } from './transition.ts';
import { wakeAtOf } from './waking.ts';
import { stateOfWatched, takeIn } from './watched.ts';
import { type Orders, wave } from './wave.ts';

export { dropFinished, markAsked, markCopied, markTold, nextVersion } from './mark.ts';
export type { JudgeInput } from './scene.ts';
export type { Orders } from './wave.ts';

export interface JudgeResult {
  /** Of the version it was judged from; nextVersion raises it for the save. */
  readonly state: EndpointState;
  /** More than newest times have changed: it must be saved before anything that follows from it is done. */
  readonly changed: boolean;
  /** The regions to ask, once the state is saved; then markAsked, and save again. */
  readonly orders: Orders | null;
  /** The regions whose next failing try is no news: they are known to fail, or to recover. */
  readonly attention: ReadonlySet<string>;
  /** The judge is to be called by then, whatever is seen; null: no need. Epoch ms. */
  readonly wakeAt: number | null;
  /** How its open incident would be told by itself now; null: none is open. */
  readonly example: Transition | null;
}

/**
 * Judges one endpoint: what its regions have seen since, what that means, and what follows from it. Pure: the same input gives the
 * same result, and judging again what has been taken in adds nothing.
 */
export function judge(input: JudgeInput): JudgeResult {
  const base = stateOfWatched(input);
  if (!isWatched(input.endpoint)) {
    const changed = input.state !== null && hasChanged(input.state, base);
    return { state: base, changed, orders: null, attention: new Set(), wakeAt: null, example: null };
  }
  const scene = sceneOf(input);
  const { state: judged, scene: judgedScene } = judgeState(base, input, scene);
  const lived = live(judged, judgedScene);
  const { state, orders } = wave(judgedScene.settled ? clear(lived, scene) : lived, scene);
  const wakeAt = wakeAtOf(state, judgedScene);
  const changed = hasChanged(input.state, state);
  const { incident } = state;
  const example = incident && transitionOf('trigger', incident, state, judgedScene, { before: null });
  return { state, changed, orders, attention: attentionOf(state), wakeAt, example };
}

export interface Status {
  /** While an incident about handshakes is open: its rule and kind, with the regions as they are now. */
  readonly verdict: Verdict;
  /** In the deployment's order. */
  readonly regions: readonly RegionReport[];
  readonly incident: Incident | null;
}

/** What can be said of an endpoint now, from what was saved and what has been seen since. Writes and tells nothing. */
export function statusOf(
  input: Omit<JudgeInput, 'mutedUntil' | 'acknowledgement' | 'remindEveryMs'>,
): Status {
  const acknowledgement = input.state?.incident?.acknowledged ?? null;
  const quiet = { mutedUntil: Number.POSITIVE_INFINITY, acknowledgement, remindEveryMs: null };
  const silent: JudgeInput = { ...input, ...quiet };
  const scene = sceneOf(silent);
  const { endpoint, now, regions, watchedSince } = scene;
  const base = stateOfWatched(silent);
  if (!isWatched(endpoint)) {
    const none = { listening: [], failing: [], unknown: regions };
    const verdict: Verdict = { rule: 'not_watched', kind: null, since: watchedSince, ...none };
    const reports = regions.map((region) => reportOf(region, undefined, now, endpoint.intervalSeconds));
    return { verdict, regions: reports, incident: null };
  }
  const { state: judged, scene: judgedScene } = judgeState(base, silent, scene);
  const state = live(judged, judgedScene);
  return {
    verdict: verdictOf(state.incident, judgedScene),
    regions: regions.map((region) => reportOf(region, state.regions[region], now, endpoint.intervalSeconds)),
    incident: state.incident,
  };
}

function verdictOf(incident: Incident | null, { settled, verdict }: JudgedScene): Verdict {
  if (incident && isOfHandshakes(incident.kind) && verdict.rule !== 'not_watched') {
    return { ...verdict, rule: incident.rule, kind: incident.kind, since: incident.since };
  }
  return settled ? verdict : { ...verdict, rule: 'reachable', kind: null };
}

/** Takes in the observations, suspects, and asks the rules. */
function judgeState(
  base: EndpointState,
  input: JudgeInput,
  scene: Scene,
): { readonly state: EndpointState; readonly scene: JudgedScene } {
  const suspected = suspect(takeIn(base, input, scene), scene);
  const { suspicion, provenAt, silentSince } = suspected;
  const judged = judgeRegions({
    regions: scene.regions,
    states: suspected.regions,
    suspicion,
    freshSince: freshSinceOf(suspected),
    provenAt,
    watchedSince: scene.watchedSince,
    silentSince,
    incident: suspected.incident,
    now: scene.now,
    intervalSeconds: scene.endpoint.intervalSeconds,
  });
  const state = hear(suspected, judged.verdict.listening);
  const settled = isCertain(state, judged) && !isComparing(state, scene);
  return { state, scene: { ...scene, ...judged, settled } };
}

function attentionOf({ regions }: EndpointState): ReadonlySet<string> {
  const known = Object.entries(regions).filter(
    ([, { state }]) => state === 'failing' || state === 'recovering',
  );
  return new Set(known.map(([region]) => region));
}
