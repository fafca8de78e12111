import {
  type Finding,
  NOTHING_WATCHED,
  WATCH_SEVERITY,
  type WatchIncident,
  type WatchState,
  type WatchTransition,
} from '../../lib/incident/watch-state.ts';

/** An open incident of a region that is unhealthy. */
export function watchIncidentOf(region: string, openedAt: number): WatchIncident {
  return {
    id: `region.${region}-${openedAt.toString(36)}`,
    subject: `region.${region}`,
    finding: {
      kind: 'region_unhealthy',
      region,
      since: openedAt - 5_000,
      passed: 0,
      tried: 3,
      syns: 0,
      lost: 0,
    },
    severity: 'P3',
    since: openedAt - 5_000,
    openedAt,
    sequence: 1,
    toldAt: openedAt,
    acknowledged: null,
    acknowledgedAt: null,
    endedAt: null,
    end: null,
  };
}

/** The first state that is saved, with these open. */
export function watchStateOf(...open: readonly WatchIncident[]): WatchState {
  return {
    ...NOTHING_WATCHED,
    version: 1,
    open: Object.fromEntries(open.map((incident) => [incident.subject, incident])),
  };
}

/** As in the scenarios of endpoints. */
const SINCE = Date.UTC(2026, 10, 20, 3, 12, 5);

export const FINDINGS = {
  region_unhealthy: {
    kind: 'region_unhealthy',
    region: 'eu-west-1',
    since: SINCE,
    passed: 0,
    tried: 3,
    syns: 0,
    lost: 0,
  },
  region_silent: { kind: 'region_silent', region: 'eu-west-1', since: SINCE },
  dead_letters: { kind: 'dead_letters', region: 'eu-west-1', since: SINCE, messages: 3 },
  judge_lagging: { kind: 'judge_lagging', region: null, since: SINCE },
  untold_alerts: { kind: 'untold_alerts', region: null, since: SINCE, formats: ['email', 'sms'] },
} as const satisfies Record<Finding['kind'], Finding>;

/** The trigger of a finding after 31 s; with `over` any other transition. */
export function watchTransitionOf(finding: Finding, over: Partial<WatchTransition> = {}): WatchTransition {
  return {
    endpoint: null,
    event: 'trigger',
    dedupKey: 'region.eu-west-1-mi6wq3mg',
    sequence: 1,
    severity: WATCH_SEVERITY[finding.kind],
    finding,
    at: SINCE + 31_000,
    end: null,
    acknowledged: null,
    reminder: false,
    regions: 6,
    ...over,
  };
}

/** Every event of a finding, in the order of an incident's life. */
export function watchLifeOf(finding: Finding): WatchTransition[] {
  return [
    watchTransitionOf(finding),
    watchTransitionOf(finding, { event: 'update', sequence: 2, at: SINCE + 95_000 }),
    watchTransitionOf(finding, {
      event: 'acknowledge',
      sequence: 3,
      at: SINCE + 200_000,
      acknowledged: { by: 'ada', note: null, at: SINCE + 199_000, until: SINCE + 7_400_000 },
    }),
    watchTransitionOf(finding, { event: 'update', sequence: 4, at: SINCE + 7_500_000, reminder: true }),
    watchTransitionOf(finding, { event: 'resolve', sequence: 5, at: SINCE + 7_620_000, end: 'recovered' }),
    watchTransitionOf(finding, {
      event: 'resolve',
      sequence: 5,
      at: SINCE + 90_000_000,
      end: 'no_longer_watched',
    }),
  ];
}
