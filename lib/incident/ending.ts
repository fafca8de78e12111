import { forgotten } from '../verdict/region-fold.ts';
import type { RegionState } from '../verdict/region-state.ts';
import { hasHeld } from './flapping.ts';
import { isOfHandshakes } from './kinds.ts';
import type { JudgedScene } from './scene.ts';
import type { EndpointState, Incident, IncidentEnd } from './state.ts';
import { outboxWith, transitionOf, uncopiedWith } from './transition.ts';

/** An incident that nobody can see any more ends after this long without a conclusive try from where it failed. */
const NO_DATA_MS = 24 * 60 * 60_000;

/** Why the incident is over; null: it is not. Silence ends nothing but what has been silent for a day. */
export function endOf(state: EndpointState, incident: Incident, scene: JudgedScene): IncidentEnd | null {
  if (incident.kind === 'not_watched') return state.silentSince === null ? 'recovered' : null;
  if (incident.kind === 'unproven' && state.provenAt !== null) return 'recovered';
  const open = Object.values(state.regions).filter(({ state: name }) => isOpen(name));
  const last = open.length > 0 ? open : Object.values(state.regions);
  const heard = last.map(({ conclusiveAt }) => conclusiveAt ?? incident.openedAt);
  if (Math.max(incident.openedAt, ...heard) + NO_DATA_MS <= scene.now) return 'no_data';
  if (!isOfHandshakes(incident.kind) || open.length > 0) return null;
  const recovered = scene.settled && scene.verdict.rule === 'reachable';
  return recovered && (!incident.flapping || hasHeld(incident, scene.now)) ? 'recovered' : null;
}

/** The state without the incident, which is to be copied, and its resolve told where its trigger was, muted or not. */
export function endIncident(
  state: EndpointState,
  incident: Incident,
  end: IncidentEnd,
  scene: JudgedScene,
): EndpointState {
  const told = incident.told !== null && incident.grouped === null;
  const sequence = told ? incident.sequence + 1 : incident.sequence;
  const endedAt = end === 'recovered' ? recoveredAt(state, incident, scene) : scene.now;
  const over: Incident = { ...incident, sequence, end, endedAt, narrowingSince: null };
  return {
    ...state,
    regions: end === 'no_data' ? forgetOpen(state.regions) : state.regions,
    incident: null,
    outbox: told
      ? outboxWith(state, transitionOf('resolve', over, state, scene, { before: incident }))
      : state.outbox,
    uncopied: uncopiedWith(state, over),
  };
}

/** The first passing try of the region that was the last to pass: what came after that confirmed it. Of a flapping one its last change. */
function recoveredAt({ regions, provenAt }: EndpointState, incident: Incident, { now }: JudgedScene): number {
  const { flapping, heldSince, kind, since, failedRegions } = incident;
  if (flapping) return heldSince;
  if (kind === 'not_watched') return now;
  if (kind === 'unproven') return provenAt ?? now;
  const passed = failedRegions.flatMap((name) => {
    const region = regions[name];
    return region?.state === 'passing' && region.since > since ? [region.since] : [];
  });
  return passed.length > 0 ? Math.max(...passed) : now;
}

/** What failed a day ago and fails again is another incident: it has to be confirmed like any other. */
function forgetOpen(regions: Readonly<Record<string, RegionState>>): Readonly<Record<string, RegionState>> {
  return Object.fromEntries(
    Object.entries(regions).map(([name, region]) => [
      name,
      isOpen(region.state) ? forgotten(region) : region,
    ]),
  );
}

/** Whether the region's last word leaves something open. The name is what it said, however long ago. */
export function isOpen(name: RegionState['state']): boolean {
  switch (name) {
    case 'suspect':
    case 'failing':
    case 'recovering':
      return true;
    case 'passing':
    case 'unknown':
      return false;
  }
}
