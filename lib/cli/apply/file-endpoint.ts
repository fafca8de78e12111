import type { EndpointSettings } from '../../endpoint/endpoint.ts';
import type { FieldError } from '../../endpoint/field-error.ts';
import { parseEndpoint } from '../../endpoint/parse.ts';
import { type EndpointInput, endpointInput, ID_PATTERN, MAX_TAGS } from '../../endpoint/schema.ts';
import { mistakeOf } from './place.ts';
import { scopeOf, scopeTag } from './scope.ts';
import type { Mistake, Source } from './source.ts';

/** What makes an endpoint itself is not anybody's default. */
export const NO_DEFAULTS: readonly string[] = ['host', 'name'];

/** One endpoint as a file wants it. */
export interface Desired {
  readonly id: string;
  /** What is sent: as written, with the file's defaults and its scope's tag. */
  readonly input: EndpointInput;
  /** What that comes to; `regions` in the order in which they were written. */
  readonly settings: EndpointSettings;
}

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Written {
  readonly id: string;
  readonly own: unknown;
  readonly defaults: Fields;
  readonly scope: string | null;
}

/** Reads one endpoint of a file; what is wrong with it is told with its place. */
export function readEndpoint(
  source: Source,
  { id, own, defaults, scope }: Written,
): { readonly desired: Desired } | { readonly mistakes: readonly Mistake[] } {
  const errors: FieldError[] = [];
  if (!ID_PATTERN.test(id)) {
    const message =
      'an id is 1 to 63 lower-case letters, digits and hyphens, none of them at its ends a hyphen';
    errors.push({ pointer: '#', message });
  }
  if (!isFields(own)) {
    errors.push({ pointer: '#', message: 'must be a map of fields: host, port and handshake' });
    return { mistakes: errors.map((error) => mistakeOf(source, id, error)) };
  }
  const input = { ...defaults, ...own };
  const { regions, tags } = input;
  const named = Array.isArray(regions) ? regions.filter((region) => typeof region === 'string') : [];
  // What only the deployment knows (its regions, whether it has IPv6, which addresses it refuses) it is asked before anything is changed.
  const parsed = parseEndpoint(input, { id, regions: named, ipv6: true, allowPrivateAddresses: true });
  if ('errors' in parsed) errors.push(...parsed.errors);
  if (scope !== null && Array.isArray(tags)) errors.push(...scopeErrors(tags));
  if (errors.length > 0 || 'errors' in parsed) {
    return { mistakes: errors.map((error) => mistakeOf(source, id, error)) };
  }
  const { settings } = parsed;
  const all = scope === null ? settings.tags : [...settings.tags, scopeTag(scope)];
  return {
    desired: {
      id,
      input: { ...endpointInput.parse(input), tags: [...all] },
      settings: { ...settings, tags: all },
    },
  };
}

function scopeErrors(tags: readonly unknown[]): FieldError[] {
  const texts = tags.filter((tag) => typeof tag === 'string');
  if (scopeOf(texts) !== null) {
    return [{ pointer: '#/tags', message: 'tags must be without scope:…: the file has a scope of its own' }];
  }
  if (new Set(texts).size < MAX_TAGS) return [];
  return [{ pointer: '#/tags', message: `tags must be at most ${MAX_TAGS - 1}: the scope takes one` }];
}
