export interface Routed<R> {
  readonly route: R;
  readonly parameters: Readonly<Record<string, string>>;
}

/** `allow`: the path exists for these methods only. */
export type Match<R> =
  | { readonly kind: 'found'; readonly found: Routed<R> }
  | { readonly kind: 'method'; readonly allow: readonly string[] }
  | { readonly kind: 'path' };

/**
 * Finds a path among `METHOD /a/{b}` routes; parameters are percent-decoded, a segment without variable wins.
 * @throws URIError when the path is not validly percent-encoded.
 */
export function match<R extends { readonly method: string; readonly path: string }>(
  routes: readonly R[],
  method: string,
  path: string,
): Match<R> {
  const segments = path.split('/').slice(1).map(decodeURIComponent);
  const fitting = routes
    .map((route) => ({ route, parameters: fitted(route.path.split('/').slice(1), segments) }))
    .filter((candidate): candidate is Routed<R> => candidate.parameters !== null)
    .sort((a, b) => Object.keys(a.parameters).length - Object.keys(b.parameters).length);
  if (fitting.length === 0) return { kind: 'path' };
  const found = fitting.find(({ route }) => route.method === method || route.method === 'ANY');
  if (found) return { kind: 'found', found };
  return { kind: 'method', allow: [...new Set(fitting.map(({ route }) => route.method))].sort() };
}

function fitted(
  pattern: readonly string[],
  segments: readonly string[],
): Readonly<Record<string, string>> | null {
  if (pattern.length !== segments.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    const name = /^\{([^}]+)\}$/.exec(part)?.[1];
    if (name === undefined ? part !== segment : segment === '') return null;
    if (name !== undefined) parameters[name] = segment;
  }
  return parameters;
}
