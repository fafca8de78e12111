import type { Target } from './ladder.ts';

export type Family = Target['addressFamily'];

/**
 * A sound path loses one packet in a hundred at times, one round trip in fifty: of 16 SYNs four are lost in one of 5,000 such
 * cases. Where a third of them is lost, fewer than four are in one of ten.
 */
const LOST_SHARE = 0.2;
const LOST_LEAST = 2;

/** What the controls say of one address family. */
export interface FamilyHealth {
  /** Whether at least half of its controls passed; without any, true. */
  readonly reached: boolean;
  /** Whether many SYNs to controls that do answer were lost: silence may be the region's own. */
  readonly lossy: boolean;
  /** How often the control name resolved that did so most often; null when no control has a name. */
  readonly resolved: 'each_time' | 'sometimes' | 'never' | null;
}

/** What the controls say of a region: of the whole list, each control counted once, a name as it is reached over IPv4. */
export interface RegionHealth {
  /** At least half of them passed, and few SYNs were lost. */
  readonly healthy: boolean;
  readonly passed: number;
  readonly tried: number;
  /** SYNs to the controls that passed, and how many of them were not answered the first time. */
  readonly syns: number;
  readonly lost: number;
}

export interface ControlHealth {
  readonly region: RegionHealth;
  readonly families: Readonly<Record<Family, FamilyHealth>>;
}

/** One handshake with a control. */
export interface Knock {
  /** null: it said nothing of this family, for the name has no such address, or its turn did not come. */
  readonly passed: boolean | null;
  /** Whether its first SYN was not answered; null: none was sent. */
  readonly lost: boolean | null;
  /** `no_address`: the resolver answered, and the name has none of this family. */
  readonly resolved: 'address' | 'no_address' | 'nothing';
}

/** A control with all that was tried of it. */
export interface Tried {
  readonly family: Family;
  readonly named: boolean;
  readonly knocks: readonly Knock[];
}

/** null: nothing that it did says anything of it. */
function hasPassed({ knocks }: Tried): boolean | null {
  if (knocks.some(({ passed }) => passed === true)) return true;
  return knocks.some(({ passed }) => passed === false) ? false : null;
}

interface Count extends Omit<RegionHealth, 'healthy'> {
  readonly reached: boolean;
  readonly lossy: boolean;
}

/** A control that never answers is down rather than far: it says nothing of lost packets. */
function count(tries: readonly Tried[]): Count {
  const tried = tries.filter((one) => hasPassed(one) !== null).length;
  const passing = tries.filter((one) => hasPassed(one) === true);
  const sent = passing.flatMap(({ knocks }) => knocks).filter((knock) => knock.lost !== null);
  const [syns, lost] = [sent.length, sent.filter((knock) => knock.lost === true).length];
  const lossy = lost >= LOST_LEAST && lost > LOST_SHARE * syns;
  return { reached: 2 * passing.length >= tried, lossy, passed: passing.length, tried, syns, lost };
}

/** A name that has no address of this family shows no more than that the resolver answers, if it has one of the other. */
function resolvedIn(family: Family, named: readonly Tried[]): FamilyHealth['resolved'] {
  if (named.length === 0) return null;
  const asked = named.filter(
    (tried) => tried.family === family && tried.knocks.some(({ resolved }) => resolved !== 'no_address'),
  );
  const each = (asked.length > 0 ? asked : named).map(({ knocks }) => knocks);
  if (each.some((knocks) => knocks.every(({ resolved }) => resolved === 'address'))) return 'each_time';
  return each.flat().some(({ resolved }) => resolved === 'address') ? 'sometimes' : 'never';
}

/**
 * What the controls say.
 *
 * @param first the whole list, names as they are reached over IPv4
 * @param again names once more, over IPv6
 */
export function healthOf(first: readonly Tried[], again: readonly Tried[]): ControlHealth {
  const all = [...first, ...again];
  const named = all.filter((tried) => tried.named);
  const familyHealth = (family: Family): FamilyHealth => {
    const { reached, lossy } = count(all.filter((tried) => tried.family === family));
    return { reached, lossy, resolved: resolvedIn(family, named) };
  };
  const { reached, lossy, ...counted } = count(first);
  return {
    region: { healthy: reached && !lossy, ...counted },
    families: { ipv4: familyHealth('ipv4'), ipv6: familyHealth('ipv6') },
  };
}
