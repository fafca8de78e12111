import type { Severity } from '../endpoint/severity.ts';
import type { JudgedScene } from './scene.ts';
import type { Acknowledgement, EndpointState, Incident } from './state.ts';
import { outboxWith, transitionOf } from './transition.ts';

/**
 * The state with what was said of its open incident: one that was acknowledged anew is told so, once, to those who were told of it.
 * Taken back, it is silently nobody's again.
 */
export function acknowledge(state: EndpointState, scene: JudgedScene): EndpointState {
  const { incident } = state;
  if (!incident) return state;
  const said = scene.acknowledgement;
  const meant = said !== null && said.at >= incident.openedAt ? said : null;
  if (meant?.at === incident.acknowledged?.at) return state;
  if (meant === null) return { ...state, incident: { ...incident, acknowledged: null } };
  const acknowledged: Incident = {
    ...incident,
    acknowledged: meant,
    acknowledgedAt: incident.acknowledgedAt ?? meant.at,
  };
  if (incident.told === null || incident.grouped !== null) return { ...state, incident: acknowledged };
  const told: Incident = { ...acknowledged, sequence: incident.sequence + 1 };
  return {
    ...state,
    incident: told,
    outbox: outboxWith(state, transitionOf('acknowledge', told, state, scene, { before: incident })),
  };
}

/** The one that was said last. */
export function newer(one: Acknowledgement | null, other: Acknowledgement | null): Acknowledgement | null {
  if (one === null || other === null) return one ?? other;
  return one.at >= other.at ? one : other;
}

/** Whether somebody looks after it now. */
export function isHeldBy(said: Acknowledgement | null, now: number): boolean {
  return said !== null && (said.until === null || now < said.until);
}

/** When what was told is told again although nothing has changed; null: never. */
export function remindDueAt(
  toldAt: number,
  severity: Severity,
  said: Acknowledgement | null,
  remindEveryMs: number | null,
): number | null {
  if (remindEveryMs === null || severity === 'P3') return null;
  const dueAt = toldAt + remindEveryMs;
  if (said === null) return dueAt;
  return said.until === null ? null : Math.max(dueAt, said.until);
}
