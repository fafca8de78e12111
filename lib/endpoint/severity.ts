/** What can be wrong with an endpoint, as an incident. */
export const KINDS = ['partial', 'down', 'failing_where_seen', 'not_watched', 'unproven'] as const;
export type Kind = (typeof KINDS)[number];

export const SEVERITIES = ['P1', 'P2', 'P3'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** How severe each kind is, unless the endpoint's owner says otherwise. */
export const SEVERITY_OF: Readonly<Record<Kind, Severity>> = {
  down: 'P1',
  partial: 'P2',
  failing_where_seen: 'P2',
  not_watched: 'P3',
  unproven: 'P3',
};

/** An owner's own severities; a kind that is not named keeps its default. */
export type Severities = { readonly [K in Kind]?: Severity | undefined };

export function severityOf(kind: Kind, severities: Severities | undefined): Severity {
  return severities?.[kind] ?? SEVERITY_OF[kind];
}
