import { ANSWER_MS, NOT_WATCHED_MS, UNPROVEN_MS } from '../verdict/rules.ts';
import { heldUntil } from './flapping.ts';
import type { JudgedScene } from './scene.ts';
import type { EndpointState, Incident } from './state.ts';
import { leavesAtOf, toldNextAt } from './telling.ts';

/**
 * When time alone may change what is to be done, so that the judge has to be called then though nothing is seen: what is held back
 * falls due, a mute or an acknowledgement ends, an answer is waited for no longer. Null: not by time. Epoch ms, after now.
 */
export function wakeAtOf(state: EndpointState, scene: JudgedScene): number | null {
  const { incident, suspicion, provenAt, silentSince } = state;
  const askedAt = suspicion?.comparison?.askedAt ?? suspicion?.askedAt ?? null;
  const times = [
    ...(incident ? [...timesOf(incident, scene), leavesAtOf(incident, state, scene) ?? 0] : []),
    ...(askedAt === null ? [] : [askedAt + ANSWER_MS]),
    ...(provenAt === null && silentSince === null ? [scene.watchedSince + UNPROVEN_MS] : []),
    ...(silentSince === null ? [] : [silentSince + NOT_WATCHED_MS]),
  ].filter((at) => at > scene.now && Number.isFinite(at));
  return times.length > 0 ? Math.min(...times) : null;
}

function timesOf(incident: Incident, scene: JudgedScene): number[] {
  const { mutedUntil } = scene;
  const toldAt = toldNextAt(incident, scene);
  return [
    ...(toldAt === null ? [] : [Math.max(toldAt, mutedUntil ?? toldAt)]),
    ...(incident.flapping ? [heldUntil(incident)] : []),
  ];
}
