import {
  addressOf,
  type Failing,
  isConclusive,
  type Observation,
  type Passing,
} from '../round/observation.ts';
import { factsOf } from './newest.ts';
import type { RegionState } from './region-state.ts';

/** How many addresses a region remembers to have passed. */
const REMEMBERED_ADDRESSES = 8;

/** While a region fails, its failing address is tried each interval, or minute: after two without, DNS no longer gives it. */
const STILL_GIVEN_INTERVALS = 2;
const LEAST_INTERVAL_SECONDS = 60;
/** However slow its schedule, a failing region tries each minute, from two minutes after that is known: see lib/flow/dispatch.ts. */
const STILL_GIVEN_SECONDS = 180;
/** From then on each of its own tries is of that address as long as DNS gives it: one minute without is enough. */
const KNOWN_MS = 125_000;
const KNOWN_STILL_GIVEN_MS = 60_000;

/** The try is of another address than the one that fails here, and that one was seen failing lately: it says nothing of it. */
export function isOfAnother(region: RegionState, observation: Observation, intervalSeconds: number): boolean {
  const address = addressOf(observation);
  const { failing, failingSince } = region;
  if (!failing || failing.address === null || address === null || address === failing.address) return false;
  const known = failingSince !== null && observation.at - failingSince > KNOWN_MS;
  return observation.at - failing.at <= (known ? KNOWN_STILL_GIVEN_MS : stillGivenMs(intervalSeconds));
}

function stillGivenMs(intervalSeconds: number): number {
  const intervals = STILL_GIVEN_INTERVALS * Math.max(intervalSeconds, LEAST_INTERVAL_SECONDS);
  return Math.min(intervals, STILL_GIVEN_SECONDS) * 1000;
}

/**
 * A failing region with what an earlier try says of another address than the failing one: tries of two addresses overlap, and the
 * later one may be taken in first.
 */
export function beside(region: RegionState, observation: Observation): RegionState {
  const { at } = observation;
  const { failing, failingSince, passedAt, failedAt } = region;
  const address = addressOf(observation);
  if (!isConclusive(observation) || address === null || failing === null || failing.address === null)
    return region;
  if (address === failing.address || at < (failingSince ?? at)) return region;
  if (at <= Math.max(passedAt[address] ?? at - 1, failedAt[address] ?? at - 1)) return region;
  return observation.passed ? passedElsewhere(region, observation) : failedElsewhere(region, observation);
}

/** The region, with the address seen to pass. */
export function passedElsewhere(region: RegionState, { at, address }: Passing): RegionState {
  return {
    ...region,
    passedAt: remember(region.passedAt, address, at),
    failedAt: without(region.failedAt, address),
    elsewhere: region.elsewhere?.address === address ? null : region.elsewhere,
  };
}

/** The region, with an address seen to fail that is not the one it fails for. */
export function failedElsewhere(region: RegionState, observation: Failing): RegionState {
  const { passedAt, failingSince, elsewhere } = region;
  const facts = factsOf(observation);
  // An address that has passed in this run must fail twice: one lost try says nothing of it.
  const passed = (passedAt[facts.address ?? ''] ?? 0) > (failingSince ?? 0);
  const older = elsewhere !== null && elsewhere.at > facts.at;
  return { ...withFailed(region, observation), elsewhere: passed || older ? elsewhere : facts };
}

export function withFailed(region: RegionState, observation: Failing): RegionState {
  const address = addressOf(observation);
  if (address === null) return region;
  const failedAt = remember(region.failedAt, address, observation.at);
  return { ...region, failedAt, passedAt: without(region.passedAt, address) };
}

function remember(
  times: Readonly<Record<string, number>>,
  address: string,
  at: number,
): Readonly<Record<string, number>> {
  const newestFirst = Object.entries({ ...times, [address]: at }).sort(([, one], [, other]) => other - one);
  return Object.fromEntries(newestFirst.slice(0, REMEMBERED_ADDRESSES));
}

function without(times: Readonly<Record<string, number>>, address: string): Readonly<Record<string, number>> {
  if (times[address] === undefined) return times;
  return Object.fromEntries(Object.entries(times).filter(([one]) => one !== address));
}
