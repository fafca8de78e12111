import { colors } from '../colors.ts';
import type { CheckResult } from './here.ts';

/** How each end is drawn: never by colour alone. */
export const RESULTS: Readonly<
  Record<CheckResult, { readonly symbol: string; readonly paint: (text: string) => string }>
> = {
  passing: { symbol: '●', paint: colors.green },
  failing: { symbol: '✖', paint: colors.red },
  inconclusive: { symbol: '·', paint: colors.yellow },
};

/** `tls bad_certificate: expired`. */
export function outcomeWords({
  stage,
  outcome,
  reason,
}: {
  readonly stage: string | null;
  readonly outcome: string | null;
  readonly reason: string | null;
}): string {
  return `${stage} ${outcome}${reason === null ? '' : `: ${reason}`}`;
}

/** `  address      203.0.113.7`. */
export const fact = (name: string, text: string): string => `  ${colors.dim(name.padEnd(12))} ${text}`;

/** Names in certificates are what a stranger wrote: nothing in them may move a terminal's cursor. */
export const clean = (text: string): string => text.replaceAll(/\p{C}/gu, '�');
