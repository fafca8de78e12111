import type { Fate } from '../support/tries.ts';
import { type Fault, isActive, isReal, joined, type Span, spansOf } from './fault.ts';
import { answerAt, type Life } from './life.ts';

/** How the tries of a region would end at a time, by the port's faults alone. */
export interface RegionTruth {
  readonly region: string;
  /** By address of its answer, in order. */
  readonly fates: readonly (readonly [string, Fate])[];
  /** `all` of its addresses fail, `some`, or `none`. */
  readonly fails: 'all' | 'some' | 'none';
  /** Its prober is there, reaches its controls and its resolver, and is in time. */
  readonly sound: boolean;
}

/** What is really so, at any time. */
export class WholeTruth {
  readonly life: Life;
  /** When the port is wrong: faults that follow one another within 20 s are one. */
  readonly wrong: readonly Span[];
  readonly #disturbed: ReadonlyMap<string, readonly Span[]>;

  constructor(life: Life) {
    this.life = life;
    this.wrong = joined(life.faults.filter(isReal).flatMap(spansOf), WELL_MS);
    this.#disturbed = new Map(
      life.regions.map((region) => [
        region,
        joined(
          life.faults.filter(({ regions }) => regions.includes(region)),
          0,
        ),
      ]),
    );
  }

  /** The port's own fate for a try. */
  fateOf(region: string, at: number, address: string): Fate {
    const fault = this.life.faults.find(
      (one) => isReal(one) && isActive(one, at) && concerns(one, region, address),
    );
    return fault?.fates[region] ?? 'pass';
  }

  /** What is wrong with the region itself. */
  ours(region: string, at: number, what: Fault['what']): Fault | undefined {
    return this.life.faults.find(
      (one) => one.what === what && isActive(one, at) && one.regions.includes(region),
    );
  }

  /** Nothing is wrong with or for the region before this; the time itself when something is. */
  calmUntil(region: string, at: number): number {
    const next = this.#disturbed.get(region)?.find(({ to }) => to > at);
    return next ? Math.max(at, next.from) : Number.POSITIVE_INFINITY;
  }

  regionsAt(at: number): readonly RegionTruth[] {
    return this.life.regions.map((region) => {
      const fates = answerAt(this.life, region, at).map(
        (address) => [address, this.fateOf(region, at, address)] as const,
      );
      const failing = fates.filter(([, fate]) => fate !== 'pass').length;
      const fails = failing === 0 ? 'none' : failing === fates.length ? 'all' : 'some';
      return { region, fates, fails, sound: this.isSound(region, at, at) };
    });
  }

  /** Whether nothing is wrong with the region itself in all this time. */
  isSound(region: string, from: number, to: number): boolean {
    return !this.life.faults.some(
      (one) => !isReal(one) && one.regions.includes(region) && one.from <= to && one.to >= from,
    );
  }
}

/** Two passing tries of each region, the second up to 10 s after the first: what is well for less has not recovered. */
const WELL_MS = 20_000;

function concerns({ regions, addresses }: Fault, region: string, address: string): boolean {
  return regions.includes(region) && (addresses === null || addresses.includes(address));
}
