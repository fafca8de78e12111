import { computed } from '@preact/signals';
import { statuses } from '../live.ts';
import { query } from '../route.ts';
import type { RegionState, StatusItem } from '../types.ts';
import { STATES, worst } from '../ui/shape.tsx';

/** An endpoint with what it is sorted and filtered by. */
export interface Row {
  readonly status: StatusItem;
  readonly state: RegionState;
}

/** An endpoint is as its worst region is. */
const rows = computed<readonly Row[]>(() =>
  (statuses.value ?? [])
    .map((status) => ({ status, state: worst(status.regions.map(({ state }) => state)) }))
    .sort((a, b) => rank(a) - rank(b) || (a.status.endpoint.id < b.status.endpoint.id ? -1 : 1)),
);

/** What needs somebody comes first: by severity, then by state. */
function rank({ status: { verdict, quiet }, state }: Row): number {
  const severity = verdict.severity === null ? 9 : Number(verdict.severity.slice(1));
  return (severity + (quiet === null ? 0 : 4)) * STATES.length + STATES.indexOf(state);
}

export const filter = computed(() => ({
  text: query.value.get('q') ?? '',
  tag: query.value.get('tag') ?? '',
  team: query.value.get('team') ?? '',
  state: query.value.get('state') ?? '',
}));

const matching = computed(() => {
  const { text, tag, team } = filter.value;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.value.filter(({ status: { endpoint, verdict } }) => {
    if (tag !== '' && !endpoint.tags.includes(tag)) return false;
    if (team !== '' && endpoint.team !== team) return false;
    if (words.length === 0) return true;
    const hay = `${endpoint.id} ${endpoint.name} ${endpoint.host}:${endpoint.port} ${endpoint.handshake} ${verdict.rule} ${endpoint.tags.join(' ')} ${endpoint.team ?? ''}`;
    const low = hay.toLowerCase();
    return words.every((word) => low.includes(word));
  });
});

/** How many of those that fit otherwise are in each state. */
export const counts = computed(() => {
  const found = new Map<RegionState, number>();
  for (const { state } of matching.value) found.set(state, (found.get(state) ?? 0) + 1);
  return found;
});

export const shown = computed(() => {
  const { state } = filter.value;
  return state === '' ? matching.value : matching.value.filter((row) => row.state === state);
});

const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].sort();
export const tags = computed(() => sorted(rows.value.flatMap(({ status }) => status.endpoint.tags)));
export const teams = computed(() => sorted(rows.value.flatMap(({ status }) => status.endpoint.team ?? [])));
