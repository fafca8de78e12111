import { OUTCOMES } from '../../lib/outcome/outcome.ts';
import type { Incident, Quiet, RegionReport, Rule } from './types.ts';

/** What a rule says of an endpoint; before regions where it ends in a preposition. */
const RULE_WORDS: Readonly<Record<Incident['rule'], string>> = {
  not_watched: 'not watched: no region says anything usable',
  unproven: 'never seen listening',
  failing_where_seen: 'failing, seen only from',
  blocked_from_some: 'blocked from',
  refused_from_some: 'refused from',
  dead_address_from_some: 'dead address from',
  unresolved_from_some: 'not resolved from',
  handshake_differs: 'handshake fails from',
  not_listening: 'not listening: refused from everywhere',
  unreachable_everywhere: 'silent to every region',
  unresolved_everywhere: 'not resolved from anywhere',
  handshake_fails_everywhere: 'handshake fails from everywhere',
  fails_everywhere_mixed: 'failing from everywhere',
  reachable: 'reachable',
  region_unhealthy: 'probers are cut off themselves',
  region_silent: 'probers are silent',
  dead_letters: 'messages that nobody could handle',
  judge_lagging: 'the judge lags behind',
  untold_alerts: 'alerts that could not be told',
};

type About = Pick<Incident, 'rule' | 'failingRegions' | 'failedRegions'>;

/** `blocked from eu-west-1`; once they have all recovered, those that it was. */
export function incidentWords({ rule, failingRegions, failedRegions }: About): string {
  return ruleWords(rule, failingRegions.length > 0 ? failingRegions : failedRegions);
}

/** `blocked from eu-west-1`; `silent to every region`. */
export function ruleWords(rule: Incident['rule'], failing: readonly string[]): string {
  const words = RULE_WORDS[rule];
  return words.endsWith(' from') ? `${words} ${listed(failing) || 'some regions'}` : words;
}

export const severityName = (rule: Rule): string => rule.replaceAll('_', ' ');

/** At most three names. */
export function listed(names: readonly string[], most = 3): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** Regions that fail, or did so a moment ago. */
export const troubled = (reports: readonly RegionReport[]): readonly string[] =>
  reports.filter(({ state }) => state !== 'passing' && state !== 'unknown').map(({ region }) => region);

type Tried = Pick<RegionReport, 'stage' | 'outcome' | 'reason'>;

export const failed = ({ outcome }: Pick<Tried, 'outcome'>): boolean => outcome !== null && outcome !== 'ok';

/** `tls bad certificate (expired)` */
export function outcomeWords({ stage, outcome, reason }: Tried): string {
  const why = reason === null ? '' : ` (${reason.replaceAll('_', ' ')})`;
  return `${stage ?? ''} ${(outcome ?? '').replaceAll('_', ' ')}${why}`.trim();
}

/** `tls expired`, where there is little room. */
export const shortOutcome = ({ stage, outcome, reason }: Tried): string =>
  `${stage ?? ''} ${(reason ?? outcome ?? '').replaceAll('_', ' ')}`.trim();

/** What an outcome means; null for one that passed. */
export function meaningOf({ stage, outcome }: Tried): string | null {
  return OUTCOMES.find((row) => row.stage === stage && row.outcome === outcome)?.means ?? null;
}

export function quietWords({ reason, id, note }: Quiet): string {
  const why = note === null ? '' : `: ${note}`;
  switch (reason) {
    case 'mute':
      return `muted${why}`;
    case 'tag_mute':
      return `tag ${id} is muted${why}`;
    case 'maintenance':
      return `maintenance ${id}${why}`;
  }
}

export const END_WORDS: Readonly<Record<NonNullable<Incident['end']>, string>> = {
  recovered: 'recovered',
  changed: 'the endpoint was changed',
  no_longer_watched: 'no longer watched',
  no_data: 'no data any more',
};

/** `[2001:db8::1]:443` */
export const authority = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;
