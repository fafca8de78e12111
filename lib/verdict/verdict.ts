import type { Kind } from '../endpoint/severity.ts';

export {
  KINDS,
  type Kind,
  SEVERITIES,
  SEVERITY_OF,
  type Severity,
} from '../endpoint/severity.ts';

/** The rules in the order in which they are asked; the first that matches is the verdict. Ids are never renamed. */
export const RULES = [
  'not_watched',
  'unproven',
  'failing_where_seen',
  'blocked_from_some',
  'refused_from_some',
  'dead_address_from_some',
  'unresolved_from_some',
  'handshake_differs',
  'not_listening',
  'unreachable_everywhere',
  'unresolved_everywhere',
  'handshake_fails_everywhere',
  'fails_everywhere_mixed',
  'reachable',
] as const;
export type Rule = (typeof RULES)[number];

/** What all regions together mean. `kind` is null when there is nothing to tell (yet). */
export interface Verdict {
  readonly rule: Rule;
  readonly kind: Kind | null;
  /** Epoch ms of the first failing handshake, or of when the rule began to hold. */
  readonly since: number;
  /** Regions in the deployment's order. A region is in at most one of the three. */
  readonly listening: readonly string[];
  readonly failing: readonly string[];
  readonly unknown: readonly string[];
}
