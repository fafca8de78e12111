import { type Endpoint, isWatched } from '../../lib/endpoint/endpoint.ts';
import type { Orders } from '../../lib/incident/judge.ts';
import { failingAtAll, firstRetry, newsOf, nextRetry } from '../../lib/round/news.ts';
import type { Observation } from '../../lib/round/observation.ts';
import { Agenda } from './agenda.ts';
import { Chains, type Why } from './chains.ts';
import { ofOrder, ofSlot } from './dialled.ts';
import { Home } from './judge-home.ts';
import { Slots } from './slots.ts';
import { START, shop, tagsOf, tookMs, tried } from './tries.ts';
import { REGIONS, type World } from './world.ts';

export { REGIONS, type World };

const MINUTE_MS = 60_000;
const SWEEP_EVERY_MS = 5 * MINUTE_MS;
const REDELIVERED_AFTER_MS = MINUTE_MS;
/** Silence begins to mean something within this: three of the longest interval would be longer, but nothing fails by it. */
const UNSETTLED_MS = 15 * MINUTE_MS;
/** An open incident is tried this often where the schedule is slower. */
const EXTRA_EVERY_MS = MINUTE_MS;

/**
 * Runs a world in virtual time: slots, retry chains, waves, sweeps and the judge, each as the deployed functions do it.
 * `extraTries`: those that the schedule alone would not have made.
 */
export function run(world: World): Home & { readonly extraTries: number } {
  const {
    truth,
    regions = REGIONS,
    durationMs,
    delayMs = () => 200,
    endpoint: endpointAt = () => shop(),
    addresses = () => ['203.0.113.7'],
    lost = () => false,
    twice = () => false,
    begins = (_region: string, due: number): number | null => due,
    skewMs = () => 0,
    quietUntil = (_region: string, at: number) => at,
  } = world;
  const agenda = new Agenda();
  const asked = new Set<string>();
  const chains = new Chains();
  let extraTries = 0;
  const tagAt = tagsOf(endpointAt);
  const send = (now: number, act: (now: number) => void): void => {
    if (lost()) return;
    agenda.add(now + delayMs(), act);
    if (twice()) agenda.add(now + delayMs(), act);
  };
  const { intervalSeconds } = endpointAt(START);
  const intervalMs = intervalSeconds * 1000;
  const slotsOf = new Map<string, Slots>();
  const home: Home = new Home({
    regions,
    endpoint: endpointAt,
    mutedUntil: world.mutedUntil ?? (() => null),
    acknowledgement: world.acknowledgement ?? (() => null),
    remindEveryMs: world.remindEveryMs ?? null,
    dies: world.dies ?? (() => false),
    thorough: world.thorough ?? true,
    ask: (now, region, orders) => send(now, (due) => confirm(due, region, orders)),
    again: (now) => agenda.add(now + REDELIVERED_AFTER_MS, judge),
    reading: (now, since) => {
      for (const slots of slotsOf.values()) slots.read(now, since);
    },
  });

  const judge = (now: number): void => {
    home.judge(now);
    for (const region of home.attention.keys()) rouse(now, region);
    const { wakeAt } = home;
    if (wakeAt === null) return;
    const minute = START + Math.ceil((Math.max(wakeAt, now + 1) - START) / MINUTE_MS) * MINUTE_MS;
    if (wakes.has(minute)) return;
    wakes.add(minute);
    agenda.add(minute, wakeUp);
  };
  /** The watchdog looks each minute whether it is time. */
  const wakeUp = (now: number): void => {
    if (home.wakeAt !== null && home.wakeAt <= now) judge(now);
  };
  const wakes = new Set<number>();

  /** A region that begins to fail is tried each minute, and each of its slots counts. */
  const rouse = (now: number, region: string): void => {
    if (roused.has(region)) return;
    roused.add(region);
    const present = slotsOf.get(region)?.rouse(now) ?? 0;
    extras(now, region, present);
  };
  const roused = new Set<string>();
  const extras = (now: number, region: string, number: number): void => {
    const moment = START + offsetOf(region) + number * intervalMs;
    for (let extra = EXTRA_EVERY_MS; extra < intervalMs; extra += EXTRA_EVERY_MS) {
      if (moment + extra <= now) continue;
      agenda.add(moment + extra, (at) => {
        if (home.attention.has(region)) slot(at, region, number);
      });
    }
  };

  const climb = (now: number, region: string, list: readonly string[], why: Why): void => {
    const endpoint = endpointAt(now);
    if (!isWatched(endpoint)) return;
    const observations: Observation[] = [];
    let time = now;
    for (const address of list) {
      const fate = truth(region, time, address, why.slot ?? null);
      if (fate === 'silent') return;
      if (why.slot === undefined || observations.length > 0) extraTries += 1;
      const after = observations.at(-1)?.at ?? why.after ?? 0;
      const at = Math.max(time + skewMs(region), after + 1);
      const observation = tried(fate, { tag: tagAt(now), at, address });
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
    { causes, nudges, chain, begins: mayBegin = true }: Why,
  ): void => {
    home.write(region, observations);
    const known = home.attention.get(region) ?? new Set();
    const news = newsOf(observations, known);
    const alertAfter = (): number => endpoint.alertAfterSeconds;
    const retry =
      causes.length > 0
        ? nextRetry(causes, observations, news, alertAfter)
        : firstRetry(observations, news, alertAfter);
    const time = now + skewMs(region);
    if (chain !== undefined) chains.note(region, chain, observations, time);
    const yields = chains.hasOther(region, chain ?? null, observations, time);
    if (retry && mayBegin && !yields && !lost()) {
      const answer = addresses(region, now);
      const failing = home.state?.regions[region]?.failing?.address ?? null;
      const list = retry.tries.map(({ address, failed }) => {
        const wanted = failed ? address : (failing ?? address);
        return (failed || answer.includes(wanted ?? '') ? wanted : null) ?? answer[0] ?? '';
      });
      const named = chain ?? `${Math.floor((observations[0]?.at ?? now) / 1000)}-${nudges ? 'c' : 'r'}`;
      const next: Why = { causes: retry.tries, nudges: true, chain: named };
      const at = begins(region, Math.max(retry.dueMs - skewMs(region), now), null);
      if (at !== null) agenda.add(at, (due) => climb(due, region, list, next));
    }
    const dead = home.state?.incident?.rule === 'dead_address_from_some';
    const saysMore = dead && failingAtAll(observations, known).size > 0;
    if (nudges || news.length > 0 || saysMore) send(now, judge);
  };

  /** The same order is tried once: its round's key is taken. */
  const confirm = (now: number, region: string, { suspicion, elsewhere }: Orders): void => {
    const key = `${region}#${suspicion.due}#${suspicion.id}`;
    if (asked.has(key)) return;
    asked.add(key);
    if (elsewhere) {
      const why: Why = { causes: [], nudges: true, begins: false, after: suspicion.startedAt };
      climb(now, region, [suspicion.address ?? ''], why);
      return;
    }
    const known = home.state?.regions[region]?.state === 'failing';
    const list = ofOrder(addresses(region, now), suspicion.address, known);
    climb(now, region, list, { causes: [], nudges: true, after: suspicion.startedAt });
  };

  const slot = (now: number, region: string, number: number): void => {
    const failing = home.attention.has(region) ? home.state?.regions[region]?.failing?.address : null;
    const list = ofSlot(addresses(region, now), failing, number);
    climb(now, region, list, { causes: [], nudges: false, slot: number });
  };

  const offsetOf = (region: string): number => (regions.indexOf(region) * intervalMs) / regions.length;
  for (const region of regions) {
    const slots = new Slots({
      intervalMs,
      offsetMs: offsetOf(region),
      count: Math.ceil(durationMs / intervalMs),
      quietUntil: (at) => quietUntil(region, at),
      wake: (at, number) => agenda.add(at, (now) => scheduled(now, region, number)),
      pass: (moment, number) => {
        const [address = ''] = ofSlot(addresses(region, moment), null, number);
        const at = moment + skewMs(region);
        home.write(region, [tried('pass', { tag: tagAt(moment), at, address })]);
      },
    });
    slotsOf.set(region, slots);
    slots.plan(0, false);
  }
  const scheduled = (now: number, region: string, number: number): void => {
    const slots = slotsOf.get(region);
    if (!slots?.take(now, number)) return;
    const at = begins(region, now, number);
    if (at === now) slot(now, region, number);
    else if (at !== null) agenda.add(at, (later) => slot(later, region, number));
    const fails = home.attention.has(region);
    if (!fails) roused.delete(region);
    if (fails) extras(now, region, number);
    slots.plan(number + 1, fails);
  };
  const sweep = (now: number): void => {
    const unsettled = (region: string): boolean => quietUntil(region, now - UNSETTLED_MS) <= now;
    if (!home.isQuiet || regions.some(unsettled)) judge(now);
    if (now + SWEEP_EVERY_MS <= START + durationMs) agenda.add(now + SWEEP_EVERY_MS, sweep);
  };
  sweep(START);
  agenda.runUntil(START + durationMs);
  return Object.assign(home, { extraTries });
}
