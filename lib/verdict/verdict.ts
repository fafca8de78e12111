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

export const KINDS = ['partial', 'down', 'failing_where_seen', 'not_watched', 'unproven'] as const;
export type Kind = (typeof KINDS)[number];

export const SEVERITIES = ['P1', 'P2', 'P3'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const SEVERITY_OF: Readonly<Record<Kind, Severity>> = {
  down: 'P1',
  partial: 'P2',
  failing_where_seen: 'P2',
  not_watched: 'P3',
  unproven: 'P3',
};

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
