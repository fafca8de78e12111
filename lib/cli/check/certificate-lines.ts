import type { CertificateFacts } from '../../round/certificate.ts';
import { colors } from '../colors.ts';
import { clean, fact } from './words.ts';

const DAY_MS = 86_400_000;
/** More are counted. */
const MOST_NAMES = 4;
/** Whoever renews by hand wants to know. */
const SOON_DAYS = 14;

/** Who it is of, who vouches for it, for which names and how long. */
export function certificateLines(facts: CertificateFacts, nowMs: number): readonly string[] {
  const { subject, issuer, names, chain, sha256 } = facts;
  const more = names.length - MOST_NAMES;
  const shown = [...names.slice(0, MOST_NAMES), ...(more > 0 ? [`and ${more} more`] : [])];
  return [
    fact('certificate', clean(subject) || colors.dim('without a subject')),
    fact('  issuer', `${clean(issuer)}${colors.dim(`, ${chain} in the chain`)}`),
    fact('  names', shown.length === 0 ? colors.yellow('none') : clean(shown.join(', '))),
    fact(
      '  valid',
      `${facts.notBefore.slice(0, 10)} to ${facts.notAfter.slice(0, 10)}, ${daysLeft(facts, nowMs)}`,
    ),
    fact('  sha256', colors.dim(sha256)),
  ];
}

/** `29 days left`, `expired 3 days ago`, `valid in 2 days`. */
export function daysLeft({ notBefore, notAfter }: CertificateFacts, nowMs: number): string {
  const left = (Date.parse(notAfter) - nowMs) / DAY_MS;
  const until = (Date.parse(notBefore) - nowMs) / DAY_MS;
  if (left < 0) return colors.red(`expired ${days(-left)} ago`);
  if (until > 0) return colors.red(`not valid before ${days(until)} from now`);
  return left < SOON_DAYS ? colors.yellow(`${days(left)} left`) : `${days(left)} left`;
}

function days(count: number): string {
  const whole = Math.floor(count);
  return `${whole} ${whole === 1 ? 'day' : 'days'}`;
}
