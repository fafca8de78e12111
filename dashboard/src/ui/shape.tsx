import type { RegionState } from '../types.ts';

/** Each state has a shape of its own: colour alone says nothing to many, and to nobody on paper. */
const SHAPES: Readonly<Record<RegionState, string>> = {
  passing: 'M8 2.2a5.8 5.8 0 1 0 0 11.6a5.8 5.8 0 1 0 0-11.6Z',
  failing: 'M2.5 2.5h11v11h-11Z',
  suspect: 'M8 .8 15.2 8 8 15.2.8 8Z',
  recovering: 'M8 2 15 14H1Z',
  unknown: 'M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10Z',
};

export const STATES = [
  'failing',
  'suspect',
  'recovering',
  'unknown',
  'passing',
] as const satisfies readonly RegionState[];

/** @param label what is read aloud; null where the same stands beside it. */
export function Shape({
  state,
  label = state,
}: {
  readonly state: RegionState;
  readonly label?: string | null;
}) {
  const drawn = (
    <>
      <path d={SHAPES[state]} />
      {state === 'failing' && <path class="cut" d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6" />}
    </>
  );
  return label === null ? (
    <svg class={`shape ${state}`} viewBox="0 0 16 16" aria-hidden="true">
      {drawn}
    </svg>
  ) : (
    <svg class={`shape ${state}`} viewBox="0 0 16 16" role="img" aria-label={label}>
      {drawn}
    </svg>
  );
}

export const worst = (states: Iterable<RegionState>): RegionState => {
  const all = new Set(states);
  return STATES.find((state) => all.has(state)) ?? 'unknown';
};
