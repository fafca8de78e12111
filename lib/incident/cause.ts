import type { RegionState } from '../verdict/region-state.ts';
import type { EndpointState, Incident } from './state.ts';

/** What incidents of several endpoints may have in common. */
export type Cause =
  /** The failing regions' names, with spaces between them. */
  | { readonly kind: 'region'; readonly value: string }
  | { readonly kind: 'address'; readonly value: string }
  | { readonly kind: 'everywhere'; readonly value: '' }
  | { readonly kind: 'watching'; readonly value: '' };
export const CAUSE_KINDS = ['region', 'address', 'everywhere', 'watching'] as const;

/** A cause of one team's endpoints, as text: a team's filter policy must find all that is told of its endpoints. */
export function causeKey({ kind, value }: Cause, team: string | undefined): string {
  return JSON.stringify([kind, value, team ?? null]);
}

/** @throws when the text is no cause's key. */
export function parseCauseKey(key: string): { readonly cause: Cause; readonly team: string | null } {
  const [kind, value, team]: unknown[] = JSON.parse(key);
  const known = CAUSE_KINDS.find((one) => one === kind);
  if (known === undefined || typeof value !== 'string') {
    throw new Error(`not the key of a cause: ${key}`, { cause: { key } });
  }
  const cause =
    known === 'region' || known === 'address' ? { kind: known, value } : { kind: known, value: '' as const };
  return { cause, team: typeof team === 'string' ? team : null };
}

/** What an open incident may have in common with others, the likeliest first. */
function causesOf(incident: Incident, { regions }: Pick<EndpointState, 'regions'>): readonly Cause[] {
  const { kind, failingRegions } = incident;
  switch (kind) {
    case 'partial':
    case 'failing_where_seen':
      return [{ kind: 'region', value: failingRegions.join(' ') }, ...addressCause(incident, regions)];
    case 'down':
      return [...addressCause(incident, regions), { kind: 'everywhere', value: '' }];
    case 'not_watched':
      return [{ kind: 'watching', value: '' }];
    case 'unproven':
      return [];
  }
}

/** The same as keys. */
export function causeKeysOf(
  incident: Incident,
  state: Pick<EndpointState, 'regions'>,
  team: string | undefined,
): string[] {
  return causesOf(incident, state).map((cause) => causeKey(cause, team));
}

/** The same, until it is told with others: then it is one of them until it is over, or told anew, whatever it still sees. */
export function keysNow(
  incident: Incident,
  state: Pick<EndpointState, 'regions'>,
  team: string | undefined,
): string[] {
  return incident.grouped === null ? causeKeysOf(incident, state, team) : [incident.grouped];
}

/** Every failing region fails at the same address. */
function addressCause(
  { failingRegions }: Incident,
  regions: Readonly<Record<string, RegionState>>,
): readonly Cause[] {
  const addresses = new Set(failingRegions.map((region) => regions[region]?.failing?.address ?? null));
  const [address = null] = addresses;
  return addresses.size === 1 && address !== null ? [{ kind: 'address', value: address }] : [];
}
