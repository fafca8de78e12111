const PREFIX = 'scope:';

/** With the prefix it is a tag of at most 64 characters. */
export const SCOPE_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,56}[a-z0-9])?$/;
export const SCOPE_RULE = '1 to 58 lower-case letters, digits and hyphens';

/** The tag by which a deployment remembers which file an endpoint is in. */
export const scopeTag = (scope: string): string => `${PREFIX}${scope}`;

/** The scope that tags name; null: none. */
export function scopeOf(tags: readonly string[]): string | null {
  const tag = tags.find((one) => one.startsWith(PREFIX));
  return tag === undefined ? null : tag.slice(PREFIX.length);
}
