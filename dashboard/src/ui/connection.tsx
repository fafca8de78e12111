import { link, look } from '../live.ts';
import { duration, now, utc } from './time.tsx';

/** Whether what is shown is of now. Not a live region: the age changes each second. */
export function Connection() {
  const state = link.value;
  switch (state.kind) {
    case 'connecting':
      return <p class="link dim">connecting…</p>;
    case 'live':
      return (
        <p class="link" title={`last look ${utc(state.atMs)}`}>
          <span class="pulse" key={state.atMs} aria-hidden="true" />
          live<span class="age dim"> · {duration(now.value - state.atMs)} ago</span>
        </p>
      );
    case 'lost':
      return <p class="link bad">not live</p>;
  }
}

/** Says that the API is away; what was seen before stays below. */
export function Lost() {
  const state = link.value;
  if (state.kind !== 'lost') return null;
  return (
    <div class="banner bad" role="alert">
      <span>
        <strong>Not live since {utc(state.sinceMs)}:</strong> {state.why}. What is shown is from before; it is
        tried again by itself.
      </span>
      <button type="button" onClick={() => void look()}>
        Try now
      </button>
    </div>
  );
}
