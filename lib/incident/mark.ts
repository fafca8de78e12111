import type { EndpointState, Transition } from './state.ts';

/** The state as it is to be saved over the one it was judged from. */
export function nextVersion(state: EndpointState): EndpointState {
  return { ...state, version: state.version + 1 };
}

/** The state once the wave that was ordered has been sent. The version stays: saving raises it. */
export function markAsked(state: EndpointState, now: number): EndpointState {
  const { suspicion, incident } = state;
  if (suspicion && suspicion.askedAt === null) {
    return { ...state, wavedAt: now, suspicion: { ...suspicion, askedAt: now } };
  }
  const comparison = suspicion?.comparison;
  if (suspicion && comparison && comparison.askedAt === null) {
    return { ...state, suspicion: { ...suspicion, comparison: { ...comparison, askedAt: now } } };
  }
  const recall = incident?.recall;
  if (!incident || !recall || recall.askedAt !== null) return state;
  return { ...state, wavedAt: now, incident: { ...incident, recall: { ...recall, askedAt: now } } };
}

/** The state once a format has been told of a transition. */
export function markTold(
  state: EndpointState,
  { dedupKey, sequence }: Pick<Transition, 'dedupKey' | 'sequence'>,
  format: string,
): EndpointState {
  const outbox = state.outbox.map((outgoing) => {
    const { transition, told } = outgoing;
    const meant = transition.dedupKey === dedupKey && transition.sequence === sequence;
    return meant && !told.includes(format) ? { ...outgoing, told: [...told, format] } : outgoing;
  });
  return { ...state, outbox };
}

/** The state without the transitions that every one of these formats has been told of; the same value when there is none. */
export function dropFinished(state: EndpointState, formats: readonly string[]): EndpointState {
  const outbox = state.outbox.filter(({ told }) => formats.some((format) => !told.includes(format)));
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}

/** The state once the history copies of these incidents have been written. */
export function markCopied(state: EndpointState, ids: readonly string[]): EndpointState {
  const uncopied = state.uncopied.filter(({ id }) => !ids.includes(id));
  return uncopied.length === state.uncopied.length ? state : { ...state, uncopied };
}
