import type { RegionReport } from '../verdict/region-state.ts';
import type { Rule } from '../verdict/verdict.ts';

/** How a failure is said of the endpoint; both forms go before the regions. */
export interface Verb {
  /** In a subject: `refused from`. */
  readonly headline: string;
  /** In a sentence: `is refused from`. */
  readonly sentence: string;
  /** A negated verb needs "any of 6 regions": "does not resolve from all 6" could mean that it does from some. */
  readonly negated: boolean;
  /** The verb says the whole outcome, so it is not repeated in brackets. */
  readonly exact: boolean;
}

const verb = (headline: string, sentence: string, { negated = false, exact = false } = {}): Verb => ({
  headline,
  sentence,
  negated,
  exact,
});

const certificate = (headline: string, sentence: string, exact = true): Verb =>
  verb(`certificate ${headline}, seen from`, `shows a certificate ${sentence} to`, { exact });

const BLOCKED = verb('blocked from', 'is blocked from');
/** What is said where no one verb is true of all. */
export const FAILING = verb('failing from', 'is failing from');
const REFUSED = verb('refused from', 'is refused from', { exact: true });
const NO_ANSWER = verb('gives no answer to', 'gives no answer to', { negated: true });
const UNREACHABLE = verb('unreachable from', 'is unreachable from');
const RESET = verb('reset from', 'is reset from');
const UNRESOLVED = verb('does not resolve from', 'does not resolve from', { negated: true });
const FAILS_TLS = verb('fails TLS from', 'fails the TLS handshake from');
const NOT_TLS = verb('does not speak TLS to', 'does not speak TLS to', { negated: true });
const FAILS_HTTP2 = verb('fails HTTP/2 from', 'fails the HTTP/2 handshake from');
const NO_HTTP2 = verb('does not offer HTTP/2 to', 'does not offer HTTP/2 to', { negated: true });
const OTHER_CERTIFICATE = certificate('invalid', 'that does not verify', false);

const CERTIFICATES: Readonly<Record<string, Verb>> = {
  expired: certificate('expired', 'that has expired'),
  not_yet_valid: certificate('not yet valid', 'that is not yet valid'),
  hostname_mismatch: certificate('for another name', 'for another name'),
  self_signed: certificate('self-signed', 'that is self-signed'),
  unknown_authority: certificate('of unknown authority', 'of an unknown authority'),
};

/** The one verb for all failing regions: `blocked` by its rule only, else the outcome's own, else `failing`. */
export function verbOf(rule: Rule, failing: readonly RegionReport[]): Verb {
  if (rule === 'blocked_from_some') return BLOCKED;
  const verbs = new Set(failing.filter(stillFails).map(own));
  const [only] = verbs;
  return verbs.size === 1 && only ? only : FAILING;
}

/** False for a region that is known to fail and passed in its newest try. */
export function stillFails(report: RegionReport): boolean {
  return report.outcome !== 'ok' && report.outcome !== null;
}

function own({ stage, outcome, reason }: RegionReport): Verb {
  switch (stage) {
    case null:
      return FAILING;
    case 'dns':
      return UNRESOLVED;
    case 'tcp':
      if (outcome === 'refused') return REFUSED;
      if (outcome === 'timeout') return NO_ANSWER;
      if (outcome === 'unreachable' || outcome === 'prohibited') return UNREACHABLE;
      return outcome === 'reset' ? RESET : FAILING;
    case 'tls':
      if (outcome === 'not_tls') return NOT_TLS;
      if (outcome !== 'bad_certificate') return FAILS_TLS;
      return (
        (reason !== null && Object.hasOwn(CERTIFICATES, reason) && CERTIFICATES[reason]) || OTHER_CERTIFICATE
      );
    case 'http2':
      return outcome === 'alpn_mismatch' ? NO_HTTP2 : FAILS_HTTP2;
  }
}

/** What was true of an incident's last rule, said once it is over. */
export const WAS: Readonly<Record<Rule, string>> = {
  not_watched: 'not watched',
  unproven: 'never seen listening',
  failing_where_seen: 'failing where it was seen',
  blocked_from_some: 'blocked from some regions',
  refused_from_some: 'refused from some regions',
  dead_address_from_some: 'failing at one of its addresses',
  unresolved_from_some: 'unresolved from some regions',
  handshake_differs: 'failing its handshake from some regions',
  not_listening: 'refused from all regions',
  unreachable_everywhere: 'silent to all regions',
  unresolved_everywhere: 'unresolved from all regions',
  handshake_fails_everywhere: 'failing its handshake from all regions',
  fails_everywhere_mixed: 'failing from all regions',
  reachable: 'reachable',
};
