import type { World } from '../support/judging.ts';
import { type Fate, START, shop } from '../support/tries.ts';

/** What fails, from and to (seconds after the start), where (everywhere when left out) and at which address (any). */
interface Fault {
  readonly from: number;
  readonly to: number;
  readonly fate: Fate | 'silent';
  readonly regions?: readonly string[];
  readonly address?: string;
}

interface Scenario {
  readonly name: string;
  readonly faults: readonly Fault[];
  readonly seconds: number;
  readonly world?: Partial<World>;
}

const seconds = (at: number): number => (at - START) / 1000;
const later = (after: number): string => new Date(START + after * 1000).toISOString();

/** Each is a golden file of the same name: what is told and which incidents there were. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'blocked from one region',
    faults: [{ from: 300, to: 900, fate: 'filtered', regions: ['b'] }],
    seconds: 1200,
  },
  {
    name: 'refused from two regions',
    faults: [{ from: 300, to: 900, fate: 'refused', regions: ['b', 'e'] }],
    seconds: 1200,
  },
  {
    name: 'one geo-dns address is dead',
    faults: [{ from: 300, to: 900, fate: 'filtered', address: '203.0.113.8' }],
    seconds: 1200,
    world: { addresses: (region) => [region === 'c' ? '203.0.113.8' : '203.0.113.7'] },
  },
  {
    name: 'name does not resolve in one region',
    faults: [{ from: 300, to: 900, fate: 'unresolved', regions: ['d'] }],
    seconds: 1200,
  },
  {
    name: 'certificate is bad from one region',
    faults: [{ from: 300, to: 900, fate: 'listening', regions: ['f'] }],
    seconds: 1200,
  },
  { name: 'process is down', faults: [{ from: 300, to: 900, fate: 'refused' }], seconds: 1200 },
  { name: 'host is silent', faults: [{ from: 300, to: 900, fate: 'filtered' }], seconds: 1200 },
  { name: 'name is gone', faults: [{ from: 300, to: 900, fate: 'unresolved' }], seconds: 1200 },
  { name: 'handshake fails everywhere', faults: [{ from: 300, to: 900, fate: 'interfered' }], seconds: 1200 },
  {
    name: 'fails everywhere, unlike',
    faults: [
      { from: 300, to: 900, fate: 'refused', regions: ['a', 'b', 'c'] },
      { from: 300, to: 900, fate: 'filtered', regions: ['d', 'e', 'f'] },
    ],
    seconds: 1200,
  },
  {
    name: 'partial, then down, then partial, is one incident',
    faults: [
      { from: 300, to: 1800, fate: 'filtered', regions: ['a'] },
      { from: 700, to: 1200, fate: 'refused' },
    ],
    seconds: 2400,
  },
  {
    name: 'a restart of 15 s is kept untold',
    faults: [{ from: 299, to: 314, fate: 'refused' }],
    seconds: 900,
  },
  {
    name: 'one region of one is down after three tries',
    faults: [{ from: 300, to: 900, fate: 'refused' }],
    seconds: 1200,
    world: { regions: ['a'], endpoint: () => shop({ alertAfterSeconds: 0 }) },
  },
  {
    name: 'only one region reports, and it fails',
    faults: [
      { from: 0, to: 3000, fate: 'inconclusive', regions: ['b', 'c', 'd', 'e', 'f'] },
      { from: 600, to: 1200, fate: 'refused', regions: ['a'] },
    ],
    seconds: 1800,
  },
  { name: 'nobody watches', faults: [{ from: 300, to: 3000, fate: 'silent' }], seconds: 4200 },
  { name: 'never listened, then does', faults: [{ from: 0, to: 1000, fate: 'refused' }], seconds: 1500 },
  {
    name: 'a failing region falls silent and ends after a day',
    faults: [
      { from: 300, to: 1000, fate: 'refused', regions: ['b'] },
      { from: 1000, to: 200_000, fate: 'silent', regions: ['b'] },
    ],
    seconds: 90_000,
  },
  {
    name: 'what fails again after a day of silence is another incident',
    faults: [
      { from: 300, to: 1000, fate: 'refused', regions: ['b'] },
      { from: 1000, to: 89_000, fate: 'silent', regions: ['b'] },
      { from: 89_000, to: 100_000, fate: 'refused', regions: ['b'] },
    ],
    seconds: 90_000,
  },
  {
    name: 'a prober dies just before a total outage',
    faults: [
      { from: 298, to: 2000, fate: 'silent', regions: ['f'] },
      { from: 300, to: 900, fate: 'refused' },
    ],
    seconds: 1500,
    world: { endpoint: () => shop({ alertAfterSeconds: 0 }) },
  },
  {
    name: 'flaps, is told so once, and settles',
    faults: [300, 600, 900, 1200, 1500].map((from) => ({
      from,
      to: from + 150,
      fate: 'refused',
      regions: ['b'],
    })),
    seconds: 4200,
  },
  {
    name: 'flaps, and is down while it does: that is told all the same',
    faults: [
      ...[300, 600, 900].map((from) => ({ from, to: from + 150, fate: 'refused', regions: ['b'] }) as const),
      { from: 1200, to: 1400, fate: 'refused' },
    ],
    seconds: 3000,
  },
  {
    name: 'flaps, and settles failing',
    faults: [
      ...[300, 600, 900, 1200].map(
        (from) => ({ from, to: from + 150, fate: 'refused', regions: ['b'] }) as const,
      ),
      { from: 1500, to: 4000, fate: 'refused', regions: ['b'] },
    ],
    seconds: 4800,
  },
  {
    name: 'muted, and still wrong when that ends',
    faults: [{ from: 300, to: 2000, fate: 'refused', regions: ['b'] }],
    seconds: 2700,
    world: { mutedUntil: () => START + 1200_000 },
  },
  {
    name: 'muted after it was told: the resolve is told',
    faults: [{ from: 300, to: 900, fate: 'refused', regions: ['b'] }],
    seconds: 1500,
    world: { mutedUntil: (at) => (seconds(at) > 600 ? START + 7200_000 : null) },
  },
  {
    name: 'changed while it is open',
    faults: [{ from: 300, to: 900, fate: 'refused', regions: ['b'] }],
    seconds: 1200,
    world: {
      endpoint: (at) => (seconds(at) < 600 ? shop() : shop({ port: 8443, watchedSince: later(600) })),
    },
  },
  {
    name: 'deleted while it is open',
    faults: [{ from: 300, to: 1200, fate: 'refused' }],
    seconds: 1200,
    world: { endpoint: (at) => (seconds(at) < 600 ? shop() : shop({ deletedAt: later(600) })) },
  },
  {
    name: 'ten minutes apart: told within interval and delay',
    faults: [{ from: 700, to: 4000, fate: 'filtered', regions: ['e'] }],
    seconds: 5400,
    world: { endpoint: () => shop({ intervalSeconds: 600 }) },
  },
  {
    name: 'told only after five minutes',
    faults: [{ from: 300, to: 1200, fate: 'filtered', regions: ['b'] }],
    seconds: 1500,
    world: { endpoint: () => shop({ alertAfterSeconds: 300 }) },
  },
];

export function worldOf({ faults, seconds: lasts, world }: Scenario): World {
  return {
    durationMs: lasts * 1000,
    truth: (region, at, address) => {
      const now = seconds(at);
      const fault = faults.find(
        (one) =>
          now >= one.from &&
          now < one.to &&
          (one.regions?.includes(region) ?? true) &&
          (one.address ?? address) === address,
      );
      return fault?.fate ?? 'pass';
    },
    ...world,
  };
}
