import { addressFamilyOf } from '../endpoint/address.ts';
import { addressOf, type Observation } from '../round/observation.ts';
import { asksForControls, hasTimedOut } from './blame.ts';
import { deadline } from './clock.ts';
import type { ControlHealth, Family } from './control-health.ts';
import type { ControlOptions } from './controls.ts';
import type { Target } from './observe.ts';

/** Two SYNs or the first query are unanswered by then: what stays silent for longer is likely to fail. */
const SILENT_MS = 2_500;

/** A try with the family that it was to use. */
export interface Doubted {
  readonly observation: Observation;
  readonly family: Family;
}

/** The family of the address that was tried, or that would have been had the name resolved. */
export function familyOf(observation: Observation, target: Target): Family {
  const address = addressOf(observation);
  return (address === null ? null : addressFamilyOf(address)) ?? target.addressFamily;
}

/**
 * Asks the controls whether to believe a group: when something failed; already while it waits when something stays silent, so that
 * its failure is known no later for them.
 */
export class Doubt {
  readonly #ask: (how: Pick<ControlOptions, 'ipv6Failed' | 'timedOut'>) => Promise<ControlHealth>;
  readonly #ipv6: boolean;
  #early: { readonly at: number; readonly health: Promise<ControlHealth> } | null = null;

  /** @param ipv6 whether anything in the group may go over IPv6 */
  constructor(
    ask: (how: Pick<ControlOptions, 'ipv6Failed' | 'timedOut'>) => Promise<ControlHealth>,
    ipv6: boolean,
  ) {
    this.#ask = ask;
    this.#ipv6 = ipv6;
  }

  /** As the promise does; what it waits for is doubted when it takes long. */
  async watch<Made>(made: Promise<Made>): Promise<Made> {
    const cancel = deadline(SILENT_MS, () => this.#askEarly());
    try {
      return await made;
    } finally {
      cancel();
    }
  }

  /** @returns null: there was no reason to ask. @throws for a control that is not `HOST:PORT`. */
  async healthFor(tries: readonly Doubted[]): Promise<ControlHealth | null> {
    const asking = tries.filter(({ observation }) => asksForControls(observation));
    const early = this.#early;
    // What began later may have failed for a reason that was not there then.
    if (early && asking.every(({ observation }) => observation.at <= early.at)) return early.health;
    await early?.health;
    if (asking.length === 0) return null;
    return this.#ask({
      ipv6Failed: asking.some(({ family }) => family === 'ipv6'),
      timedOut: asking.some(({ observation }) => hasTimedOut(observation)),
    });
  }

  #askEarly(): void {
    if (this.#early) return;
    const health = this.#ask({ ipv6Failed: this.#ipv6, timedOut: true });
    // Whoever needs it waits for it later, and is told then.
    health.catch(() => {});
    this.#early = { at: Date.now(), health };
  }
}
