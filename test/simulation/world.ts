import type { World } from '../support/judging.ts';
import { type Fate, START } from '../support/tries.ts';
import type { Chance } from './chance.ts';
import type { Fault } from './fault.ts';
import { answerAt } from './life.ts';
import { Path, steady } from './loss.ts';
import type { Mix } from './mix.ts';
import type { WholeTruth } from './truth.ts';

/** Three of the default controls are addresses, one is a name; where a try timed out each is tried four times: see lib/probe/controls.ts. */
const CONTROL_ADDRESSES = 3;
const KNOCKS = 4;
const QUERIES = 7;
/** A late round begins up to this long after it was due. */
const LATE_MS = 5 * 60_000;

/** What becomes of the next slot of a region that will not just pass, and which that is. */
interface Odd {
  readonly slot: number;
  readonly what: 'fails' | 'lost' | 'late';
}

/** The world of a life, and when a round or message of it was lost or late. */
export function worldOf(truth: WholeTruth, mix: Mix, chance: Chance): World & { readonly mishaps: number[] } {
  const { life } = truth;
  const { endpoint, regions, durationMs } = life;
  const intervalMs = endpoint.intervalSeconds * 1000;
  const paths = new Map(
    regions.map((region) => [region, new Path(chance.of(mix.losses), endpoint.handshake, chance)]),
  );
  const skews = new Map(
    regions.map((region) => [region, Math.round(chance.between(-mix.skewMs, mix.skewMs))]),
  );
  const mishaps: number[] = [];
  let clock = START;
  const mishap = (happens: boolean): boolean => {
    if (happens) mishaps.push(clock);
    return happens;
  };
  const odd = new Map<string, Odd>();
  const drawOdd = (region: string, from: number): void => {
    const weights = { fails: paths.get(region)?.failing ?? 0, lost: mix.lostRounds, late: mix.lateRounds };
    const sum = weights.fails + weights.lost + weights.late;
    odd.set(region, { slot: from + chance.misses(sum), what: chance.weighted(weights) });
  };
  for (const region of regions) drawOdd(region, 0);
  const momentOf = (region: string, slot: number): number =>
    START + slot * intervalMs + (regions.indexOf(region) * intervalMs) / regions.length;
  /** The fate by the slot's own odds; null: not one that was drawn. */
  const drawn = new Map<string, number>();

  const lossy = (region: string, at: number, slot: number | null): Fate => {
    const path = paths.get(region);
    if (!path) return 'pass';
    if (slot === null) return path.climb(at);
    return drawn.get(region) === slot ? path.fail(at) : 'pass';
  };
  const sickly = (fault: Fault): Fate => {
    const { loss } = fault;
    const lost = 1 - (1 - loss) ** 2;
    if (fault.what === 'half_sick') {
      const path = new Path(steady(loss), endpoint.handshake, chance);
      const fate = chance.happens(lost ** 2) ? 'unanswered' : path.climb(0);
      return fate === 'pass' ? fate : blamed(fate, lost, lost, chance);
    }
    return chance.happens(loss ** 2) ? blamed('unanswered', 0, loss, chance) : 'pass';
  };

  return {
    mishaps,
    durationMs,
    regions,
    thorough: false,
    endpoint: () => endpoint,
    addresses: (region, at) => answerAt(life, region, at),
    truth: (region, at, address, slot) => {
      clock = at;
      if (truth.ours(region, at, 'silent')) return 'silent';
      const fate = truth.fateOf(region, at, address);
      if (truth.ours(region, at, 'sick'))
        return chance.happens(0.03) && fate === 'pass' ? 'pass' : 'inconclusive';
      const half = truth.ours(region, at, 'half_sick') ?? truth.ours(region, at, 'resolver_sick');
      const trouble = half ? sickly(half) : 'pass';
      if (trouble !== 'pass') return trouble;
      return fate === 'pass' ? lossy(region, at, slot) : fate;
    },
    begins: (region, due, slot) => {
      clock = due;
      let at = truth.ours(region, due, 'late') ? due + chance.next() * LATE_MS : due;
      const next = odd.get(region);
      if (slot !== null && next && next.slot <= slot) {
        drawOdd(region, slot + 1);
        if (next.what === 'fails') drawn.set(region, slot);
        if (next.what === 'late') at = due + chance.next() * LATE_MS;
        if (next.what === 'lost') at = Number.POSITIVE_INFINITY;
      }
      mishap(at !== due);
      const tooLate = at > due + Math.max(intervalMs, 60_000);
      return tooLate ? null : at;
    },
    delayMs: () => {
      const delay = 60 + chance.exponential(200);
      return mishap(chance.happens(mix.slowMessages)) ? delay + chance.next() * 30_000 : delay;
    },
    lost: () => mishap(chance.happens(mix.lostMessages)),
    twice: () => chance.happens(mix.doubledMessages),
    dies: () => mishap(chance.happens(mix.deaths)),
    skewMs: (region) => skews.get(region) ?? 0,
    quietUntil: (region, at) => {
      const moment = momentOf(region, odd.get(region)?.slot ?? 0);
      return Math.min(truth.calmUntil(region, at), Math.max(at, moment));
    },
  };
}

/** What the prober makes of a timeout once its controls have been tried too: see lib/probe/blame.ts. */
function blamed(fate: Fate, synLost: number, queryLost: number, chance: Chance): Fate {
  const queries = Array.from({ length: QUERIES }, () => !chance.happens(queryLost));
  const knocks = (sent: number): readonly boolean[] =>
    Array.from({ length: sent }, () => !chance.happens(synLost));
  const controls = [
    knocks(queries.slice(0, KNOCKS).filter((answered) => answered).length),
    ...Array.from({ length: CONTROL_ADDRESSES }, () => knocks(KNOCKS)),
  ];
  // Only the first knock has time for a second SYN: that it may pass after all is left out.
  const passing = controls.filter((answers) => answers.some((answered) => answered));
  const answers = passing.flat();
  const lost = answers.filter((answered) => !answered).length;
  const lossy = lost >= 2 && lost > 0.2 * answers.length;
  const healthy = 2 * passing.length >= controls.length && !lossy;
  const resolves = queries.every((answered) => answered);
  return !healthy || (fate === 'unanswered' && !resolves) ? 'inconclusive' : fate;
}
