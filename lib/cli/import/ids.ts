import type { Converted } from './convert.ts';

const MAX_ID_CHARACTERS = 63;

/** An id for each: its host, with the port where a host has several. */
export function withIds(all: readonly Converted[]): ReadonlyMap<string, Converted> {
  const ports = new Map<string, number>();
  for (const { fields } of all) ports.set(fields.host, (ports.get(fields.host) ?? 0) + 1);
  const byId = new Map<string, Converted>();
  for (const one of all) {
    const { host, port } = one.fields;
    const end = ports.get(host) === 1 ? '' : `-${port}`;
    byId.set(free(slug(host), end, byId), one);
  }
  return byId;
}

function free(start: string, end: string, taken: ReadonlyMap<string, unknown>): string {
  for (let count = 1; ; count += 1) {
    const suffix = count === 1 ? end : `${end}-${count}`;
    const id = `${start.slice(0, MAX_ID_CHARACTERS - suffix.length)}${suffix}`.replace(/^-|-$/g, '');
    if (!taken.has(id)) return id;
  }
}

function slug(host: string): string {
  const text = host
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return text === '' ? 'endpoint' : text;
}
