import { type Endpoint, INTERVALS } from '../../lib/endpoint/endpoint.ts';
import { REGIONS } from '../support/judging.ts';
import { START, shop } from '../support/tries.ts';
import type { Chance } from './chance.ts';
import { type Fault, isReal } from './fault.ts';
import { drawFaults } from './faults.ts';
import type { Mix } from './mix.ts';

export const DAY_MS = 24 * 60 * 60_000;

/** From a time on a region's resolver answers this. */
interface Answer {
  readonly from: number;
  readonly addresses: readonly string[];
}

/** An endpoint, and all that is true of it and of those who watch it, for some days. */
export interface Life {
  readonly endpoint: Endpoint;
  readonly regions: readonly string[];
  readonly durationMs: number;
  readonly faults: readonly Fault[];
  readonly answers: Readonly<Record<string, readonly Answer[]>>;
}

/** How many endpoints of each kind: mostly those that a user would not change the defaults of. */
const INTERVAL_WEIGHTS = { 10: 1, 20: 1, 30: 2, 60: 10, 120: 2, 300: 2, 600: 1 };
const ALERT_AFTER_WEIGHTS = { 0: 3, 30: 12, 75: 2, 200: 2, 600: 1 };
const REGION_WEIGHTS = { 6: 14, 3: 4, 2: 1, 1: 1 };
const ADDRESS_WEIGHTS = { one: 10, two: 4, three: 2, geo: 4 };
const HANDSHAKE_WEIGHTS = { tcp: 1, tls: 1, http2: 2 };

/** A new answer reaches every region within this. */
const DNS_SPREAD_MS = 60_000;

export function drawLife(days: number, mix: Mix, chance: Chance): Life {
  const regions = REGIONS.slice(0, Number(chance.weighted(REGION_WEIGHTS)));
  const wanted = Number(chance.weighted(INTERVAL_WEIGHTS));
  const intervalSeconds = INTERVALS.find((one) => one === wanted) ?? 60;
  const endpoint = shop({
    intervalSeconds,
    alertAfterSeconds: Number(chance.weighted(ALERT_AFTER_WEIGHTS)),
    handshake: chance.weighted(HANDSHAKE_WEIGHTS),
    // Before the first try of a region whose clock is behind.
    watchedSince: new Date(START - 60_000).toISOString(),
  });
  const durationMs = days * DAY_MS;
  const first = firstAnswers(regions, chance);
  const faults = drawFaults({ regions, first, durationMs, mix, chance });
  const answers = changed(first, faults, { durationMs, mix, chance });
  return { endpoint, regions, durationMs, faults, answers };
}

/** What a region's resolver answers at a time, sorted as the prober sorts it. */
export function answerAt({ answers }: Life, region: string, at: number): readonly string[] {
  const all = answers[region] ?? [];
  return all.findLast(({ from }) => from <= at)?.addresses ?? all[0]?.addresses ?? [];
}

type First = Readonly<Record<string, readonly string[]>>;

function firstAnswers(regions: readonly string[], chance: Chance): First {
  const kind = chance.weighted(ADDRESS_WEIGHTS);
  const shared = ['203.0.113.7', '203.0.113.8', '203.0.113.9'];
  const counts = { one: 1, two: 2, three: 3 } as const;
  return Object.fromEntries(
    regions.map((region, index) => [
      region,
      kind === 'geo' ? [`198.51.100.${10 + Math.floor(index / 2)}`] : shared.slice(0, counts[kind]),
    ]),
  );
}

/** Now and then an address is replaced by another that works as well, while nothing is wrong with the port. */
function changed(
  first: First,
  faults: readonly Fault[],
  { durationMs, mix, chance }: { durationMs: number; mix: Mix; chance: Chance },
): Life['answers'] {
  const apartMs = 15 * 60_000;
  const times = Array.from({ length: chance.times((mix.dnsChanges * durationMs) / DAY_MS) }, () =>
    chance.between(START + apartMs, START + durationMs),
  )
    .filter((at) =>
      faults.every((fault) => !isReal(fault) || at < fault.from - apartMs || at > fault.to + apartMs),
    )
    .sort((one, other) => one - other);
  const answers: Record<string, Answer[]> = {};
  for (const [region, addresses] of Object.entries(first)) answers[region] = [{ from: 0, addresses }];
  // An address that a fault is about must be in the answer, so what was changed is changed back before long.
  for (const [number, at] of times.entries()) {
    const until = at + chance.between(2 * DNS_SPREAD_MS, 10 * DNS_SPREAD_MS);
    for (const [region, addresses] of Object.entries(first)) {
      const [, ...others] = addresses;
      const spare = `192.0.2.${1 + (number % 250)}`;
      answers[region]?.push(
        { from: at + chance.between(0, DNS_SPREAD_MS), addresses: [...others, spare].sort() },
        { from: until + chance.between(0, DNS_SPREAD_MS), addresses },
      );
    }
  }
  for (const list of Object.values(answers)) list.sort((one, other) => one.from - other.from);
  return answers;
}
