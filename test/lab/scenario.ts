import type { Evidence, Handshake, Stage } from '../../lib/outcome/outcome.ts';
import type { Kind, Rule } from '../../lib/verdict/verdict.ts';
import type { Lab } from './lab.ts';

/** The regions of the lab; `ap-southeast-2` is far away: 250 ms there and back. */
export const REGIONS = ['eu-west-1', 'us-east-1', 'ap-southeast-2'] as const;
export type RegionName = (typeof REGIONS)[number];

/** What a try says; what is left out may be anything. */
export type Seen =
  | { readonly passed: true; readonly synRetransmits?: number }
  | {
      readonly stage: Stage;
      readonly outcome: string;
      readonly evidence: Evidence;
      readonly reason?: string | null;
      readonly errno?: string | null;
    };

/** What is registered, or tried. */
export interface Watched {
  readonly host: string;
  readonly port: number;
  readonly handshake: Handshake;
  /** Default `ipv4`. */
  readonly addressFamily?: 'ipv4' | 'ipv6';
  readonly serverName?: string;
  /** Default `verify`. */
  readonly certificate?: 'verify' | 'ignore';
}

/** A scenario that stands in a lab. */
export interface Arranged {
  readonly endpoint: Watched;
  /** What must pass from everywhere all the time, fault or not. */
  readonly beside?: Watched;
  /** Puts the fault in place: before it every region passes. */
  fault(): Promise<void>;
  /** Takes it away again: after it every region passes. */
  mend(): Promise<void>;
}

/** A fault between the regions and an endpoint, and what is to be made of it. */
export interface NetworkScenario {
  readonly name: string;
  readonly arrange: (lab: Lab) => Promise<Arranged>;
  /** What a try from each region says with the fault in place; `others`: every region not named. */
  readonly sees: Readonly<Partial<Record<RegionName | 'others', Seen>>>;
  /** What all regions together mean, and what is told; `kind` null: nothing may be told. */
  readonly verdict: { readonly rule: Rule; readonly kind: Kind | null };
}

export const PASSES: Seen = { passed: true };

/** What a region must see. @throws where the scenario does not say. */
export function seenFrom({ name, sees }: NetworkScenario, region: RegionName): Seen {
  const seen = sees[region] ?? sees.others;
  if (!seen) throw new Error(`"${name}" does not say what ${region} sees`);
  return seen;
}
