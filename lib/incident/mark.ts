import type { EndpointState, Outgoing } from './state.ts';

/** What is common to all that has something to tell. */
export interface Telling {
  readonly version: number;
  readonly outbox: readonly Outgoing<{ readonly dedupKey: string; readonly sequence: number }>[];
  readonly uncopied: readonly { readonly id: string }[];
}

/** The state as it is to be saved over the one it was judged from. */
export function nextVersion<S extends Telling>(state: S): S {
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
export function markTold<S extends Telling>(
  state: S,
  { dedupKey, sequence }: Telling['outbox'][number]['transition'],
  format: string,
): S {
  const outbox = state.outbox.map((outgoing) => {
    const { transition, told } = outgoing;
    const meant = transition.dedupKey === dedupKey && transition.sequence === sequence;
    return meant && !told.includes(format) ? { ...outgoing, told: [...told, format] } : outgoing;
  });
  return { ...state, outbox };
}

/** The state without the transitions that every one of these formats has been told of; the same value when there is none. */
export function dropFinished<S extends Telling>(state: S, formats: readonly string[]): S {
  const outbox = state.outbox.filter(({ told }) => formats.some((format) => !told.includes(format)));
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}

/** The state once the history copies of these incidents have been written. */
export function markCopied<S extends Telling>(state: S, ids: readonly string[]): S {
  const uncopied = state.uncopied.filter(({ id }) => !ids.includes(id));
  return uncopied.length === state.uncopied.length ? state : { ...state, uncopied };
}
