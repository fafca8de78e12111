import { type Kind, SEVERITIES, SEVERITY_OF, type Verdict } from '../verdict/verdict.ts';

/** A verdict that there is something to tell of. */
export type Told = Verdict & { readonly kind: Kind };

export function isTelling(verdict: Verdict): verdict is Told {
  return verdict.kind !== null;
}

/** Whether it is about failing handshakes: such incidents turn into one another. The others are about our own watching. */
export function isOfHandshakes(kind: Kind): boolean {
  switch (kind) {
    case 'partial':
    case 'down':
    case 'failing_where_seen':
      return true;
    case 'not_watched':
    case 'unproven':
      return false;
  }
}

/** Negative: `one` is less severe than `other`. */
export function compareSeverity(one: Kind, other: Kind): number {
  return SEVERITIES.indexOf(SEVERITY_OF[other]) - SEVERITIES.indexOf(SEVERITY_OF[one]);
}
