import { severityOf } from '../endpoint/severity.ts';
import { acknowledge } from './acknowledgement.ts';
import { endIncident, endOf, isOpen } from './ending.ts';
import { isFlapping, openingsWith } from './flapping.ts';
import { compareSeverity, isOfHandshakes, isTelling, type Told } from './kinds.ts';
import type { JudgedScene } from './scene.ts';
import type { EndpointState, Incident } from './state.ts';
import { countedAmong, tellDue } from './telling.ts';
import { uncopiedWith } from './transition.ts';

/** The state with its incident ended, changed, opened and told as the verdict asks for. */
export function live(state: EndpointState, scene: JudgedScene): EndpointState {
  const followed = state.incident ? follow(state, state.incident, scene) : state;
  const current = followed.incident ? followed : open(followed, scene);
  const told = tellDue(acknowledge(current, scene), scene);
  return copied(state, told);
}

/**
 * Two tries 5 s apart are lost by chance now and then, where packets are lost in bursts; a third one hardly ever is. A resolver that
 * loses queries may answer all about a control's name, and none about this one three times in a row: a fourth one is asked for.
 */
const LOSSES = 3;
const LOST_QUERIES = 4;

/**
 * Whether the verdict may be gone by. `partial` takes more than two lists: each region that the incident does not speak of yet must
 * have failed again after another has passed, or the end of a short total outage would look like it.
 */
export function isCertain(
  { suspicion, incident, regions }: EndpointState,
  { settled, verdict }: Pick<JudgedScene, 'settled' | 'verdict'>,
): boolean {
  // Where no region listens one of them gets through at another address: no end of an outage looks like that.
  if (!settled || verdict.kind !== 'partial' || !suspicion || verdict.listening.length === 0) return settled;
  const { heardAt } = suspicion;
  return verdict.failing.every((region) => {
    if (incident?.kind === 'partial' && incident.failingRegions.includes(region)) return true;
    const { failing = null, tries = 0 } = regions[region] ?? {};
    if (heardAt === null || !failing || failing.at <= heardAt) return false;
    if (verdict.failing.length > 1 || failing.outcome !== 'timeout') return true;
    return tries >= (failing.stage === 'dns' ? LOST_QUERIES : LOSSES);
  });
}

function follow(state: EndpointState, before: Incident, scene: JudgedScene): EndpointState {
  const incident = withFailed(adopt(state, countedAmong(before, state, scene), scene), scene);
  const end = endOf(state, incident, scene);
  return end ? endIncident(state, incident, end, scene) : { ...state, incident };
}

function withFailed(incident: Incident, { regions }: JudgedScene): Incident {
  const { failingRegions, failedRegions } = incident;
  if (failingRegions.every((region) => failedRegions.includes(region))) return incident;
  const all = regions.filter((region) => failedRegions.includes(region) || failingRegions.includes(region));
  return { ...incident, failedRegions: all };
}

function open(state: EndpointState, scene: JudgedScene): EndpointState {
  const { verdict, settled, now, endpoint } = scene;
  if (!settled || !isTelling(verdict)) return state;
  const flaps = isOfHandshakes(verdict.kind);
  const openings = flaps ? openingsWith(state.openings, now, endpoint.intervalSeconds) : state.openings;
  const incident: Incident = {
    id: incidentId(endpoint.id, verdict),
    kind: verdict.kind,
    rule: verdict.rule,
    severity: severityOf(verdict.kind, endpoint.severities),
    since: verdict.since,
    openedAt: now,
    toldAt: null,
    sequence: 0,
    told: null,
    acknowledged: null,
    acknowledgedAt: null,
    grouped: null,
    failingRegions: verdict.failing,
    failedRegions: verdict.failing,
    team: endpoint.team ?? null,
    flapping: flaps && isFlapping(openings),
    heldSince: now,
    freshSince: state.suspicion?.startedAt ?? verdict.since,
    narrowingSince: null,
    recall: null,
    endedAt: null,
    end: null,
  };
  return { ...state, incident, openings };
}

/** The same whenever it is judged again: a crash between judging and saving leaves no second incident. */
function incidentId(endpointId: string, { kind, since }: Told): string {
  const text = Math.floor(since).toString(36);
  return isOfHandshakes(kind) ? `${endpointId}-${text}` : `${endpointId}-${text}-${kind}`;
}

/** The incident as the verdict has it, once that is certain. Regions that fell silent while failing stay in it. */
function adopt(state: EndpointState, incident: Incident, scene: JudgedScene): Incident {
  const { verdict, settled, now, regions } = scene;
  if (!settled || verdict.rule === 'not_watched' || !isOfHandshakes(incident.kind)) return incident;
  const failingRegions = regions.filter(
    (region) =>
      verdict.failing.includes(region) ||
      (verdict.unknown.includes(region) &&
        incident.failingRegions.includes(region) &&
        isOpen(state.regions[region]?.state ?? 'unknown')),
  );
  const same = failingRegions.join() === incident.failingRegions.join();
  if (!isTelling(verdict) || !isOfHandshakes(verdict.kind)) {
    return same ? incident : { ...incident, failingRegions, heldSince: now, narrowingSince: null };
  }
  const { rule, kind } = verdict;
  if (same && rule === incident.rule) {
    const severity = severityOf(kind, scene.endpoint.severities);
    const known = incident.narrowingSince === null && severity === incident.severity;
    return known ? incident : { ...incident, severity, narrowingSince: null };
  }
  if (narrows(incident, verdict, failingRegions)) {
    const narrowingSince = incident.narrowingSince ?? recoveryBegan(state, incident, scene);
    const failedSince = verdict.failing.every(
      (region) => (state.regions[region]?.failing?.at ?? 0) > narrowingSince,
    );
    if (!failedSince) return { ...incident, narrowingSince };
  }
  const severity = severityOf(kind, scene.endpoint.severities);
  return { ...incident, rule, kind, severity, failingRegions, heldSince: now, narrowingSince: null };
}

/** Less severe, `partial` where it was not, or fewer regions: what the end of an outage looks like while it is going on. */
function narrows(incident: Incident, verdict: Told, failingRegions: readonly string[]): boolean {
  const severity = compareSeverity(verdict.kind, incident.kind);
  if (severity !== 0) return severity < 0;
  if (verdict.kind === 'partial' && incident.kind !== 'partial') return true;
  const more = failingRegions.some((region) => !incident.failingRegions.includes(region));
  // When a dead address is back, the first region that sees it makes it look as if the others were cut off from it.
  const back = incident.rule === 'dead_address_from_some' && verdict.rule !== incident.rule;
  if (back && !more) return true;
  return !more && failingRegions.length < incident.failingRegions.length;
}

/**
 * When a recovery began: the first pass of a region that failed; else, where a region is heard again, its pass. One that fails
 * after this fails on its own account.
 */
function recoveryBegan(state: EndpointState, incident: Incident, { verdict, now }: JudgedScene): number {
  const { listening } = verdict;
  const left = listening.filter((region) => incident.failingRegions.includes(region));
  const passes =
    left.length > 0
      ? left.flatMap((region) => state.regions[region]?.since ?? [])
      : listening.flatMap((region) => state.regions[region]?.conclusiveAt ?? []);
  return passes.length > 0 ? Math.min(...passes) : now;
}

/** With the history copy ordered when something changed that history tells. */
function copied(before: EndpointState, after: EndpointState): EndpointState {
  const { incident } = after;
  if (!incident || (before.incident && history(before.incident) === history(incident))) return after;
  return { ...after, uncopied: uncopiedWith(after, incident) };
}

function history(incident: Incident): string {
  const { id, kind, rule, failingRegions, flapping, toldAt, sequence, acknowledged } = incident;
  return JSON.stringify([id, kind, rule, failingRegions, flapping, toldAt, sequence, acknowledged]);
}
