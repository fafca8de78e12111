import type { Handshake } from '../outcome/outcome.ts';
import type { Severities } from './severity.ts';

/** The intervals an endpoint may have, in seconds. */
export const INTERVALS = [10, 20, 30, 60, 120, 300, 600] as const;
export type Interval = (typeof INTERVALS)[number];

/** What the user says of an endpoint, with every default filled in. Shape of the API, see docs/api.md. */
export interface EndpointSettings {
  /** ASCII (punycode) name or address literal, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly handshake: Handshake;
  readonly name: string;
  readonly intervalSeconds: Interval;
  /** A confirmed incident is told once it has lasted this long since its first failing handshake. */
  readonly alertAfterSeconds: number;
  readonly regions: 'all' | readonly string[];
  readonly addressFamily: 'ipv4' | 'ipv6';
  /** SNI and the name the certificate must carry; absent for address literals unless the user gives one. */
  readonly serverName?: string;
  readonly certificate: 'verify' | 'ignore';
  readonly tags: readonly string[];
  readonly enabled: boolean;
  readonly team?: string;
  readonly runbookUrl?: string;
  /** How severe each kind of incident is here, where that is not its default. */
  readonly severities?: Severities;
}

/** The stored endpoint. All times are RFC 3339 UTC with milliseconds. */
export interface Endpoint extends EndpointSettings {
  readonly id: string;
  readonly cohort: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /**
   * When what is tried last changed (host, port, handshake, address family, server name, certificate, interval, regions,
   * enabled). Observations that began before say nothing of it, and a STATE with another `watchedSince` is of the past.
   */
  readonly watchedSince: string;
  /** Raised by every write; the ETag. */
  readonly revision: number;
  /** Set by DELETE; the judge then resolves what is open and removes the item. */
  readonly deletedAt?: string;
}

/** The regions that try an endpoint, in the deployment's order. Regions the deployment no longer has are left out. */
export function regionsOf(
  endpoint: Pick<EndpointSettings, 'regions'>,
  deployed: readonly string[],
): readonly string[] {
  const { regions } = endpoint;
  return regions === 'all' ? deployed : deployed.filter((region) => regions.includes(region));
}

/** Whether anything is tried at all. */
export function isWatched(endpoint: Pick<Endpoint, 'enabled' | 'deletedAt'>): boolean {
  return endpoint.enabled && endpoint.deletedAt === undefined;
}
