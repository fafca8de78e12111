import { type Fate, START } from '../support/tries.ts';
import type { Chance } from './chance.ts';
import { type Fault, isReal } from './fault.ts';
import type { Mix } from './mix.ts';

interface Draw {
  readonly regions: readonly string[];
  readonly first: Readonly<Record<string, readonly string[]>>;
  readonly durationMs: number;
  readonly mix: Mix;
  readonly chance: Chance;
}

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;
/** An endpoint is proven and known before anything happens to it. */
const BEGIN_MS = 15 * MINUTE_MS;
/** Between two faults of the port: so that each alert belongs to one. */
const APART_MS = 12 * MINUTE_MS;
/** The last fault ends this long before the end, so that its resolve is seen. */
const END_MS = 45 * MINUTE_MS;

const nothing = { addresses: null, fates: {}, phases: null, loss: 0 } as const;

/** All faults of one endpoint and its regions, in no order. Faults of the port lie apart, those of regions anywhere. */
export function drawFaults(draw: Draw): readonly Fault[] {
  const { regions, durationMs, mix, chance } = draw;
  const days = durationMs / DAY_MS;
  const faults: Fault[] = [];
  const add = (made: readonly Fault[]): void => {
    const from = Math.min(...made.map((fault) => fault.from)) - APART_MS;
    const to = Math.max(...made.map((fault) => fault.to)) + APART_MS;
    if (to > START + durationMs - END_MS) return;
    if (faults.every((fault) => !isReal(fault) || fault.to < from || fault.from > to)) faults.push(...made);
  };
  const begin = (): number => chance.between(START + BEGIN_MS, START + durationMs);
  for (let left = chance.times(mix.outages * days); left > 0; left -= 1) add([outage(begin(), draw)]);
  for (let left = chance.times(mix.flapping * days); left > 0; left -= 1) add([flapping(begin(), draw)]);
  for (let left = chance.times(mix.restarts * days); left > 0; left -= 1) add(restart(begin(), draw));
  const ours: readonly ['sick' | 'half_sick' | 'resolver_sick' | 'silent' | 'late', number][] = [
    ['sick', mix.sick],
    ['half_sick', mix.halfSick],
    ['resolver_sick', mix.resolverSick],
    ['silent', mix.silent],
    ['late', mix.late],
  ];
  for (const [what, perDay] of ours) {
    for (const region of regions) {
      for (let left = chance.times(perDay * days); left > 0; left -= 1) {
        const from = begin();
        const loss = what === 'half_sick' ? chance.between(0.05, 0.6) : chance.of([0.3, 0.6, 1]);
        faults.push({
          ...{ ...nothing, what, from, regions: [region], loss },
          to: from + chance.logBetween(MINUTE_MS, 40 * MINUTE_MS),
        });
      }
    }
  }
  return faults;
}

const FATES: readonly [Fate, ...Fate[]] = [
  'refused',
  'filtered',
  'interfered',
  'stalled',
  'listening',
  'unresolved',
];
const AT_ADDRESS: readonly [Fate, ...Fate[]] = ['refused', 'filtered', 'interfered', 'stalled'];

/** From 20 s to 3 h: of some regions, of all, or of one address of several. */
function outage(from: number, draw: Draw): Fault {
  const { regions, first, chance } = draw;
  const to = from + chance.logBetween(20_000, 180 * MINUTE_MS);
  const base = { ...nothing, what: 'outage', from, to, regions } as const;
  const pool = [...new Set(Object.values(first).flat())];
  const shape = chance.weighted({ partial: 5, total: 4, mixed: 1, address: pool.length > 1 ? 4 : 0 });
  const same = (fate: Fate, some: readonly string[]): Record<string, Fate> =>
    Object.fromEntries(some.map((region) => [region, fate]));
  if (shape === 'address') {
    const dead = chance.some(pool, 1);
    return { ...base, addresses: dead, fates: same(chance.of(AT_ADDRESS), regions) };
  }
  if (shape === 'partial' && regions.length > 1) {
    const some = chance.some(regions, regions.length - 1);
    return { ...base, regions: some, fates: same(chance.of(FATES), some) };
  }
  if (shape === 'mixed') {
    return { ...base, fates: Object.fromEntries(regions.map((region) => [region, chance.of(FATES)])) };
  }
  return { ...base, fates: same(chance.of(FATES), regions) };
}

/** 10 s to 2 minutes wrong, then as long or longer well, for up to an hour or two. */
function flapping(from: number, draw: Draw): Fault {
  const { chance } = draw;
  const phases = {
    wrongMs: chance.logBetween(10_000, 2 * MINUTE_MS),
    wellMs: chance.logBetween(10_000, 4 * MINUTE_MS),
  };
  const to = from + chance.between(10, 120) * MINUTE_MS;
  return { ...outage(from, draw), what: 'flapping', to, phases };
}

/** 5 to 20 s each: the only server, all at once, or one address after the other. */
function restart(from: number, { regions, first, chance }: Draw): readonly Fault[] {
  const fates = Object.fromEntries(regions.map((region): [string, Fate] => [region, 'refused']));
  const base = { ...nothing, what: 'restart', regions, fates } as const;
  const pool = [...new Set(Object.values(first).flat())];
  const pauseMs = chance.between(0, 60_000);
  const rolling = pool.length > 1 && chance.happens(0.8);
  let at = from;
  return (rolling ? pool : [null]).map((address) => {
    const to = at + chance.between(5_000, 20_000);
    const fault = { ...base, from: at, to, addresses: address === null ? null : [address] };
    at = to + pauseMs;
    return fault;
  });
}
