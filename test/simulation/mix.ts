import { bursts, type Loss, steady } from './loss.ts';

/** What goes wrong, and how often. Numbers of faults are per endpoint and day, and of regions' faults per region and day. */
export interface Mix {
  readonly outages: number;
  readonly flapping: number;
  readonly restarts: number;
  readonly dnsChanges: number;
  readonly sick: number;
  readonly halfSick: number;
  readonly resolverSick: number;
  readonly silent: number;
  readonly late: number;
  /** Shares: of single rounds that are lost, or late by up to minutes; of messages lost, doubled, held up; of judgements cut off. */
  readonly lostRounds: number;
  readonly lateRounds: number;
  readonly lostMessages: number;
  readonly doubledMessages: number;
  readonly slowMessages: number;
  readonly deaths: number;
  /** How far a region's clock may be off, either way. */
  readonly skewMs: number;
  /** Each path has one of these. */
  readonly losses: readonly [Loss, ...Loss[]];
}

const usual: Mix = {
  outages: 1,
  flapping: 0.1,
  restarts: 1,
  dnsChanges: 0.5,
  sick: 0.2,
  halfSick: 0.1,
  resolverSick: 0.1,
  silent: 0.1,
  late: 0.1,
  lostRounds: 0.0005,
  lateRounds: 0.001,
  lostMessages: 0.0005,
  doubledMessages: 0.01,
  slowMessages: 0.005,
  deaths: 0.0005,
  skewMs: 1_000,
  losses: [steady(0.01), bursts(0.01, 1_000)],
};

export const MIXES = {
  usual,
  /** Nothing is ever really wrong: every alert is false. */
  noise: {
    ...usual,
    outages: 0,
    flapping: 0,
    sick: 1,
    halfSick: 0.5,
    resolverSick: 0.5,
    silent: 0.5,
    late: 0.5,
  },
  /** Faults of the port alone, on a network that loses one packet in a hundred. */
  outages: {
    ...usual,
    outages: 4,
    flapping: 0.5,
    sick: 0,
    halfSick: 0,
    resolverSick: 0,
    silent: 0,
    late: 0,
    lostRounds: 0,
    lateRounds: 0,
    lostMessages: 0,
    slowMessages: 0,
    deaths: 0,
    skewMs: 0,
  },
  /** Everything at once, more often than anybody would stand: long bursts, lost messages, clocks seconds apart. */
  rough: {
    ...usual,
    outages: 2,
    flapping: 0.5,
    sick: 1,
    halfSick: 0.5,
    resolverSick: 0.5,
    silent: 1,
    late: 1,
    lostRounds: 0.01,
    lateRounds: 0.02,
    lostMessages: 0.02,
    doubledMessages: 0.1,
    slowMessages: 0.05,
    deaths: 0.01,
    skewMs: 3_000,
    losses: [steady(0.01), bursts(0.01, 1_000), bursts(0.02, 5_000)],
  },
} as const satisfies Record<string, Mix>;
export type MixName = keyof typeof MIXES;
