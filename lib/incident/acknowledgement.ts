import type { JudgedScene, Scene } from './scene.ts';
import type { EndpointState, Incident } from './state.ts';
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
    outbox: outboxWith(state, transitionOf('acknowledge', told, state, scene)),
  };
}

/** Whether somebody looks after it now. */
export function isAcknowledged({ acknowledged }: Incident, { now }: Pick<Scene, 'now'>): boolean {
  return acknowledged !== null && (acknowledged.until === null || now < acknowledged.until);
}
