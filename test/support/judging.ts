import { type Endpoint, isWatched } from '../../lib/endpoint/endpoint.ts';
import { tagOf } from '../../lib/endpoint/tag.ts';
import type { Orders } from '../../lib/incident/judge.ts';
import type { Acknowledgement } from '../../lib/incident/state.ts';
import { type Again, failingAtAll, firstRetry, newsOf, nextRetry } from '../../lib/round/news.ts';
import type { Observation } from '../../lib/round/observation.ts';
import { Agenda } from './agenda.ts';
import { Home, type Step } from './judge-home.ts';
import { type Fate, START, shop, tookMs, tried } from './tries.ts';

/** What is true of the port: how a try of an address from a region that begins at a time ends. `silent`: no prober there. */
export type Truth = (region: string, atMs: number, address: string) => Fate | 'silent';

export interface World {
  readonly truth: Truth;
  readonly durationMs: number;
  readonly regions?: readonly string[];
  /** What a region's resolver answers. */
  readonly addresses?: (region: string) => readonly string[];
  /** The endpoint at a time; another `watchedSince` is another endpoint. Its interval must not change. */
  readonly endpoint?: (atMs: number) => Endpoint;
  /** How long a message or a write is under way. */
  readonly delayMs?: () => number;
  /** Whether a message is lost, or delivered twice. */
  readonly lost?: () => boolean;
  readonly twice?: () => boolean;
  readonly dies?: (step: Step) => boolean;
  readonly mutedUntil?: (atMs: number) => number | null;
  readonly acknowledgement?: (atMs: number) => Acknowledgement | null;
  readonly remindEveryMs?: number;
}

export const REGIONS: readonly string[] = ['a', 'b', 'c', 'd', 'e', 'f'];
const MINUTE_MS = 60_000;
const SWEEP_EVERY_MS = 5 * MINUTE_MS;
const REDELIVERED_AFTER_MS = 60_000;

/** Runs a world in virtual time: slots, retry chains, waves, sweeps and the judge, each as the deployed functions do it. */
export function run(world: World): Home {
  const {
    truth,
    regions = REGIONS,
    durationMs,
    delayMs = () => 200,
    endpoint: endpointAt = () => shop(),
    addresses = () => ['203.0.113.7'],
    lost = () => false,
    twice = () => false,
  } = world;
  const agenda = new Agenda();
  const asked = new Set<string>();
  const send = (now: number, act: (now: number) => void): void => {
    if (lost()) return;
    agenda.add(now + delayMs(), act);
    if (twice()) agenda.add(now + delayMs(), act);
  };
  const home: Home = new Home({
    regions,
    endpoint: endpointAt,
    mutedUntil: world.mutedUntil ?? (() => null),
    acknowledgement: world.acknowledgement ?? (() => null),
    remindEveryMs: world.remindEveryMs ?? null,
    dies: world.dies ?? (() => false),
    ask: (now, region, orders) => send(now, (due) => confirm(due, region, orders)),
    again: (now) => agenda.add(now + REDELIVERED_AFTER_MS, (later) => home.judge(later)),
  });

  const climb = (now: number, region: string, list: readonly string[], why: Why): void => {
    const endpoint = endpointAt(now);
    if (!isWatched(endpoint)) return;
    const observations: Observation[] = [];
    let time = now;
    for (const address of list) {
      const fate = truth(region, time, address);
      if (fate === 'silent') return;
      const observation = tried(fate, { tag: tagOf(endpoint), at: time, address });
      observations.push(observation);
      time += tookMs(fate);
      if (observation.passed) break;
    }
    agenda.add(time + delayMs(), (seen) => report(seen, region, endpoint, observations, why));
  };

  const report = (
    now: number,
    region: string,
    endpoint: Endpoint,
    observations: readonly Observation[],
    { causes, nudges, chains = true }: Why,
  ): void => {
    home.write(region, observations);
    const known = home.attention.get(region) ?? new Set();
    const news = newsOf(observations, known);
    const alertAfter = (): number => endpoint.alertAfterSeconds;
    const retry =
      causes.length > 0
        ? nextRetry(causes, observations, news, alertAfter)
        : firstRetry(observations, news, alertAfter);
    if (retry && chains && !lost()) {
      const answer = addresses(region);
      const failing = home.state?.regions[region]?.failing?.address ?? null;
      const list = retry.tries.map(({ address, failed }) => {
        const wanted = failed ? address : (failing ?? address);
        return (failed || answer.includes(wanted ?? '') ? wanted : null) ?? answer[0] ?? '';
      });
      const next: Why = { causes: retry.tries, nudges: true };
      agenda.add(Math.max(retry.dueMs, now), (due) => climb(due, region, list, next));
    }
    const dead = home.state?.incident?.rule === 'dead_address_from_some';
    const saysMore = dead && failingAtAll(observations, known).size > 0;
    if (nudges || news.length > 0 || saysMore) send(now, (later) => home.judge(later));
  };

  /** The same order is tried once: its round's key is taken. */
  const confirm = (now: number, region: string, { suspicion, elsewhere }: Orders): void => {
    const key = `${region}#${suspicion.due}#${suspicion.id}`;
    if (asked.has(key)) return;
    asked.add(key);
    if (elsewhere) {
      climb(now, region, [suspicion.address ?? ''], { causes: [], nudges: true, chains: false });
      return;
    }
    const own = addresses(region);
    const first = suspicion.address ?? own[0] ?? '';
    const other = own.find((address) => address !== first);
    climb(now, region, other === undefined ? [first] : [first, other], { causes: [], nudges: true });
  };

  const slot = (now: number, region: string, number: number): void => {
    const answer = addresses(region);
    const failing = home.attention.has(region) && home.state?.regions[region]?.failing?.address;
    const pinned = failing && answer.includes(failing) ? failing : answer[number % answer.length];
    const other = pinned === failing ? answer.find((address) => address !== pinned) : undefined;
    climb(now, region, other === undefined ? [pinned ?? ''] : [pinned ?? '', other], {
      causes: [],
      nudges: false,
    });
  };

  const { intervalSeconds } = endpointAt(START);
  const intervalMs = intervalSeconds * 1000;
  for (const [position, region] of regions.entries()) {
    for (let number = 0; number * intervalMs < durationMs; number += 1) {
      const moment = START + number * intervalMs + (position * intervalMs) / regions.length;
      agenda.add(moment, (now) => slot(now, region, number));
      for (let extra = 60_000; extra < intervalMs; extra += 60_000) {
        agenda.add(moment + extra, (now) => {
          if (home.attention.has(region)) slot(now, region, number);
        });
      }
    }
  }
  for (let at = 0; at <= durationMs; at += MINUTE_MS) {
    agenda.add(START + at, (now) => {
      const due = home.wakeAt !== null && home.wakeAt <= now;
      if (due || at % SWEEP_EVERY_MS === 0) home.judge(now);
    });
  }
  agenda.runUntil(START + durationMs);
  return home;
}

interface Why {
  readonly causes: readonly Again[];
  /** A retry or a confirmation: the judge is told of it, passing or not. */
  readonly nudges: boolean;
  /** Whether a chain may begin with it. Default true. */
  readonly chains?: boolean;
}
