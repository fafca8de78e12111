import type { Evidence, Stage } from './outcome.ts';

/** How far the trouble reaches, as the verdict's rules say it. The rules themselves live above this room, in lib/verdict. */
export type LookFirstRule =
  | 'not_watched'
  | 'unproven'
  | 'failing_where_seen'
  | 'blocked_from_some'
  | 'refused_from_some'
  | 'dead_address_from_some'
  | 'unresolved_from_some'
  | 'handshake_differs'
  | 'not_listening'
  | 'unreachable_everywhere'
  | 'unresolved_everywhere'
  | 'handshake_fails_everywhere'
  | 'fails_everywhere_mixed'
  | 'reachable';

/** What is used of a RegionReport. */
export interface FailingRegion {
  readonly stage: Stage | null;
  /** `ok` or an outcome of the stage. */
  readonly outcome: string | null;
  readonly evidence: Evidence | null;
  readonly reason: string | null;
  readonly address: string | null;
}

/**
 * @property serverName what TLS asks for; null: the host, if that is a name, as the prober has it.
 * @property sourceAddresses the public addresses of the failing regions' probers, as far as they are known.
 */
export interface LookFirst {
  readonly rule: LookFirstRule;
  readonly failing: readonly FailingRegion[];
  readonly host: string;
  readonly port: number;
  readonly serverName: string | null;
  readonly sourceAddresses: readonly string[];
}
