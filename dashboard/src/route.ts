import { computed, signal } from '@preact/signals';

/** What the part of the address after `#` says. */
export type Route =
  | { readonly page: 'matrix' }
  | { readonly page: 'endpoint'; readonly id: string }
  | { readonly page: 'incidents' }
  | { readonly page: 'incident'; readonly id: string }
  | { readonly page: 'regions' }
  | { readonly page: 'nowhere' };

const hash = signal(location.hash);
window.addEventListener('hashchange', () => {
  hash.value = location.hash;
});

const parsed = computed(() => new URL(hash.value.replace(/^#\/?/, '/'), 'http://any'));

export const route = computed<Route>(() => routeOf(parsed.value.pathname));

/** What stands after the `?` in it. */
export const query = computed(() => parsed.value.searchParams);

function routeOf(path: string): Route {
  const [first = '', second, ...more] = path.split('/').slice(1).map(decoded);
  if (more.length > 0) return { page: 'nowhere' };
  if (first === '' && second === undefined) return { page: 'matrix' };
  if (first === 'endpoints' && second) return { page: 'endpoint', id: second };
  if (first === 'incidents') return second ? { page: 'incident', id: second } : { page: 'incidents' };
  if (first === 'regions' && second === undefined) return { page: 'regions' };
  return { page: 'nowhere' };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Somebody typed it; as it stands it leads to a page that says that there is no such thing.
    return part;
  }
}

export const toEndpoint = (id: string): string => `#/endpoints/${encodeURIComponent(id)}`;
export const toRegions = (endpoint: string): string => `#/regions?endpoint=${encodeURIComponent(endpoint)}`;

/** An incident that is over is found by its endpoint. */
export function toIncident({
  id,
  endpoint,
}: {
  readonly id: string;
  readonly endpoint: string | null;
}): string {
  const of = endpoint === null ? '' : `?endpoint=${encodeURIComponent(endpoint)}`;
  return `#/incidents/${encodeURIComponent(id)}${of}`;
}

/** Says something else after the `?`, without a step in the browser's history. */
export function replaceQuery(changes: Readonly<Record<string, string>>): void {
  const next = new URLSearchParams(query.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  history.replaceState(null, '', `#${parsed.value.pathname}${text ? `?${text}` : ''}`);
  hash.value = location.hash;
}
