import type { Newest, RegionState } from './region-state.ts';
import { RULES, type Rule } from './verdict.ts';

type States = Readonly<Record<string, RegionState>>;

/**
 * The rule where some regions fail and others freshly pass. Each failing region has its own; that of the most regions is the
 * verdict, ties in the order of RULES.
 */
export function partialRule(
  states: States,
  failing: readonly string[],
  listening: readonly string[],
  freshSince: number | null,
): Rule {
  const listens = ({ address }: Newest): boolean => listensElsewhere(states, listening, address, freshSince);
  const votes = failing.flatMap((region) => {
    const facts = tellingFacts(states[region], listens);
    return facts ? [ruleOf(facts, listens(facts))] : [];
  });
  const count = (rule: Rule): number => votes.filter((vote) => vote === rule).length;
  const [first] = RULES.filter((rule) => count(rule) > 0).sort((one, other) => count(other) - count(one));
  if (!first) throw new Error('no region fails: there is no partial rule for that', { cause: { failing } });
  return first;
}

/** The rule where every region that counts fails: by what all of them saw. */
export function handshakesRule(states: States, failing: readonly string[]): Rule {
  const seen = failingFacts(states, failing).map(({ evidence }) => evidence);
  if (seen.every((evidence) => evidence === 'refused')) return 'not_listening';
  if (seen.every((evidence) => evidence === 'filtered')) return 'unreachable_everywhere';
  if (seen.every((evidence) => evidence === 'unresolved')) return 'unresolved_everywhere';
  if (seen.every((evidence) => evidence === 'listening' || evidence === 'interfered')) {
    return 'handshake_fails_everywhere';
  }
  return 'fails_everywhere_mixed';
}

/** A region that fails at an address that listens elsewhere is cut off from it, whatever else it was given. */
function tellingFacts(region: RegionState | undefined, listens: (facts: Newest) => boolean): Newest | null {
  const { failing = null, elsewhere = null } = region ?? {};
  if (!failing || !elsewhere || listens(failing)) return failing;
  const isOfPath = ['refused', 'filtered', 'interfered'].includes(elsewhere.evidence);
  return isOfPath && listens(elsewhere) ? elsewhere : failing;
}

function ruleOf({ evidence }: Newest, sameAddressListens: boolean): Rule {
  switch (evidence) {
    case 'unresolved':
      return 'unresolved_from_some';
    case 'listening':
      return 'handshake_differs';
    case 'refused':
      return sameAddressListens ? 'refused_from_some' : 'dead_address_from_some';
    case 'filtered':
    case 'interfered':
      return sameAddressListens ? 'blocked_from_some' : 'dead_address_from_some';
    case 'inconclusive':
      throw new Error('an inconclusive try cannot make a region fail', { cause: { evidence } });
  }
}

function listensElsewhere(
  states: States,
  listening: readonly string[],
  address: string | null,
  freshSince: number | null,
): boolean {
  if (address === null) return false;
  return listening.some((region) => {
    const at = states[region]?.passedAt[address];
    return at !== undefined && at > (freshSince ?? Number.NEGATIVE_INFINITY);
  });
}

function failingFacts(states: States, failing: readonly string[]): Newest[] {
  return failing.flatMap((region) => states[region]?.failing ?? []);
}
