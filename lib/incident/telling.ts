import { SEVERITIES } from '../verdict/verdict.ts';
import { hasHeld } from './flapping.ts';
import { isOfHandshakes, isTelling } from './kinds.ts';
import type { JudgedScene } from './scene.ts';
import type { EndpointState, Event, Incident } from './state.ts';
import { outboxWith, transitionOf } from './transition.ts';

/** Changes of an incident are told at most this often. */
const UPDATE_EVERY_MS = 60_000;

/**
 * The state with what is due to be told in its outbox: the trigger once the incident has lasted long enough, then its changes. Only
 * what the regions say now is told: while they are waited for, silent or recovering nothing is.
 */
export function tellDue(state: EndpointState, scene: JudgedScene): EndpointState {
  const { incident } = state;
  const { now, mutedUntil } = scene;
  if (!incident || !saysNow(incident, scene) || (mutedUntil !== null && now < mutedUntil)) return state;
  const settledIn = incident.flapping && hasHeld(incident, now);
  const calm = settledIn ? { ...incident, flapping: false } : incident;
  if (calm.told === null) return isDue(calm, scene) ? tell('trigger', calm, state, scene) : state;
  const { told } = calm;
  const worse = SEVERITIES.indexOf(calm.severity) < SEVERITIES.indexOf(told.severity);
  if (calm.flapping && !worse) return state;
  const changed =
    settledIn || worse || told.rule !== calm.rule || told.failing.join() !== calm.failingRegions.join();
  if (!changed || now < told.at + UPDATE_EVERY_MS) return state;
  return tell('update', calm, state, scene);
}

/** Whether the incident is what the regions say now, and not what they said or are about to say. */
function saysNow(incident: Incident, { settled, verdict }: JudgedScene): boolean {
  if (!settled || !isTelling(verdict) || verdict.rule !== incident.rule) return false;
  return (
    incident.narrowingSince === null &&
    verdict.failing.every((region) => incident.failingRegions.includes(region))
  );
}

function isDue({ kind, since }: Incident, { now, endpoint }: JudgedScene): boolean {
  return !isOfHandshakes(kind) || now >= since + endpoint.alertAfterSeconds * 1000;
}

function tell(event: Event, before: Incident, state: EndpointState, scene: JudgedScene): EndpointState {
  const { rule, severity, failingRegions: failing, sequence, toldAt } = before;
  const incident: Incident = {
    ...before,
    sequence: sequence + 1,
    toldAt: toldAt ?? scene.now,
    told: { rule, severity, failing, at: scene.now },
  };
  const transition = transitionOf(event, incident, state, scene);
  return { ...state, incident, outbox: outboxWith(state, transition) };
}
