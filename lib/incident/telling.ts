import { SEVERITIES } from '../verdict/verdict.ts';
import { isHeldBy, remindDueAt } from './acknowledgement.ts';
import { causeKeysOf, keysNow } from './cause.ts';
import { hasHeld } from './flapping.ts';
import { compareSeverity, isOfHandshakes, isTelling } from './kinds.ts';
import type { JudgedScene, Together } from './scene.ts';
import type { EndpointState, Event, Incident, WhatWasTold } from './state.ts';
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
  if (calm.told === null) return now >= dueAtOf(calm, scene) ? begin(calm, state, scene) : state;
  if (calm.grouped !== null) {
    const leavesAt = leavesAtOf(calm, state, scene);
    return leavesAt !== null && now >= leavesAt ? begin(calm, state, scene) : state;
  }
  const worse = isWorse(calm, calm.told);
  if (calm.flapping && !worse) return state;
  const changed = settledIn || worse || (hasChanged(calm, calm.told) && isNews(calm, calm.told, scene));
  if (changed) return now < calm.told.at + UPDATE_EVERY_MS ? state : tell('update', calm, state, scene);
  const remindAt = remindAtOf(calm, scene);
  return remindAt !== null && now >= remindAt ? tell('update', calm, state, scene, true) : state;
}

/** Told by itself, or, where many have the same cause, by what is told of them all: that may be some time yet. */
function begin(incident: Incident, state: EndpointState, scene: JudgedScene): EndpointState {
  const keys = causeKeysOf(incident, state, scene.endpoint.team);
  const grouped = keys.find((key) => scene.crowded.has(key) || isCounted(scene.together.get(key))) ?? null;
  if (grouped === null) return tell('trigger', { ...incident, grouped }, state, scene);
  const { kind, rule, severity, failingRegions: failing } = incident;
  const told = { kind, rule, severity, failing, at: scene.now };
  return { ...state, incident: { ...incident, grouped, told } };
}

/** The incident, told of once an alert about many has counted it. */
export function countedAmong(
  incident: Incident,
  state: EndpointState,
  { endpoint, together }: Pick<JudgedScene, 'endpoint' | 'together'>,
): Incident {
  if (incident.toldAt !== null) return incident;
  const times = keysNow(incident, state, endpoint.team).flatMap((key) => together.get(key)?.toldAt ?? []);
  // An alert from before it opened told of another one of the same endpoint.
  const toldAt = times.find((at) => at >= incident.openedAt) ?? null;
  return toldAt === null ? incident : { ...incident, toldAt };
}

const isCounted = (known: Together | undefined): boolean => (known?.toldAt ?? null) !== null;

/** The others of a group change when one does, or it is not of them any more. */
const FOLLOWED_MS = 30_000;

/**
 * When an incident that is told with others is told anew, by itself or with yet others, because it is not what its group is about
 * any more, neither what that began with nor what most of it has become; null: it is.
 */
export function leavesAtOf(incident: Incident, state: EndpointState, scene: JudgedScene): number | null {
  const { grouped, heldSince } = incident;
  if (grouped === null) return null;
  const most = scene.together.get(grouped)?.causes ?? [];
  const keys = causeKeysOf(incident, state, scene.endpoint.team);
  return keys.some((key) => key === grouped || most.includes(key)) ? null : heldSince + FOLLOWED_MS;
}

/** An outage where there was none, or more severe by its owner's words. */
function isWorse({ kind, severity }: Incident, told: WhatWasTold): boolean {
  const graver = SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(told.severity);
  return graver || compareSeverity(kind, told.kind) > 0;
}

function hasChanged({ rule, failingRegions }: Incident, told: WhatWasTold): boolean {
  return told.rule !== rule || told.failing.join() !== failingRegions.join();
}

/** Whoever has acknowledged it knows what was told: only what has come in addition is news. */
function isNews(incident: Incident, told: WhatWasTold, scene: JudgedScene): boolean {
  const joined = incident.failingRegions.some((region) => !told.failing.includes(region));
  return joined || !isHeldBy(incident.acknowledged, scene.now);
}

function remindAtOf(
  { told, severity, acknowledged }: Incident,
  { remindEveryMs }: JudgedScene,
): number | null {
  return told && remindDueAt(told.at, severity, acknowledged, remindEveryMs);
}

/** Whether the incident is what the regions say now, and not what they said or are about to say. */
function saysNow(incident: Incident, { settled, verdict }: JudgedScene): boolean {
  if (!settled || !isTelling(verdict) || verdict.rule !== incident.rule) return false;
  return (
    incident.narrowingSince === null &&
    verdict.failing.every((region) => incident.failingRegions.includes(region))
  );
}

/** When an incident falls due to be told, first or next, if nothing else changes; null: never. */
export function toldNextAt(incident: Incident, scene: JudgedScene): number | null {
  const { told } = incident;
  if (told === null) return dueAtOf(incident, scene);
  if (incident.grouped !== null) return null;
  const changed = isWorse(incident, told) || (hasChanged(incident, told) && isNews(incident, told, scene));
  return changed ? told.at + UPDATE_EVERY_MS : remindAtOf(incident, scene);
}

/** Due to be told, and not told: it is muted, or not certain now. */
export function isHeld(incident: Incident, scene: Pick<JudgedScene, 'endpoint' | 'now'>): boolean {
  return incident.told === null && scene.now >= dueAtOf(incident, scene);
}

/** When an incident falls due to be told first. */
export function dueAtOf(
  { kind, since, openedAt }: Incident,
  { endpoint }: Pick<JudgedScene, 'endpoint'>,
): number {
  return isOfHandshakes(kind) ? since + endpoint.alertAfterSeconds * 1000 : openedAt;
}

function tell(
  event: Event,
  before: Incident,
  state: EndpointState,
  scene: JudgedScene,
  reminder = false,
): EndpointState {
  const { kind, rule, severity, failingRegions: failing, sequence, toldAt } = before;
  const incident: Incident = {
    ...before,
    sequence: sequence + 1,
    toldAt: toldAt ?? scene.now,
    told: { kind, rule, severity, failing, at: scene.now },
  };
  const transition = transitionOf(event, incident, state, scene, { before: state.incident, reminder });
  return { ...state, incident, outbox: outboxWith(state, transition) };
}
