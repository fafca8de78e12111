import type { Transition } from '../../lib/incident/state.ts';
import type { Home } from '../support/judge-home.ts';
import { type Fault, isReal, joined, spansOf } from './fault.ts';
import { unnamed, type WrongWord, wrongWord } from './ideal.ts';
import { answerAt } from './life.ts';
import type { WholeTruth } from './truth.ts';

export type FindingKind =
  | 'false'
  | 'false_in_half_sick_region'
  | 'early'
  | 'late'
  | 'missed'
  | 'missed_unseen'
  | 'unnamed'
  | `wrong_${WrongWord}`
  | 'wrong_while_flapping';

export interface Finding {
  readonly kind: FindingKind;
  readonly at: number;
  readonly detail: string;
}

/** What was told of one endpoint, held against the truth. Durations in ms. */
export interface Assessment {
  readonly findings: readonly Finding[];
  readonly triggers: number;
  readonly outages: number;
  /** Outages long enough to have to be told. */
  readonly owed: number;
  /** Beyond alertAfterSeconds, from the first moment that is really wrong. */
  readonly detectionMs: readonly {
    readonly ms: number;
    readonly intervalSeconds: number;
    readonly dead: boolean;
  }[];
  readonly resolveMs: readonly number[];
}

/** The steps of a chain: what is over for less than one may be told as if it lasted. */
const STEP_MS = 10_000;
/** A try, its way and the judge's. */
const WAY_MS = 15_000;
/** See lib/verdict/rules.ts: nobody watches. */
const NOT_WATCHED_MS = 10 * 60_000;

export function assess(home: Home, truth: WholeTruth, mishaps: readonly number[]): Assessment {
  const { life } = truth;
  const { intervalSeconds, alertAfterSeconds } = life.endpoint;
  // What failed last is tried again after a minute at most.
  const graceMs = Math.min(intervalSeconds, 60) * 1000 + WAY_MS;
  const told = firsts(home.told);
  const triggers = told.filter(({ event }) => event === 'trigger');
  const endOf = (key: string): number =>
    told.find((one) => one.event === 'resolve' && one.dedupKey === key)?.at ?? Number.POSITIVE_INFINITY;
  const findings: Finding[] = [];
  const find = (kind: FindingKind, at: number, words: string): void => {
    const ours = new Set(
      life.faults
        .filter((one) => !isReal(one) && one.from <= at && one.to >= at - 2 * WAY_MS)
        .map(({ what }) => what),
    );
    findings.push({ kind, at, detail: ours.size > 0 ? `${words} (${[...ours].join(', ')})` : words });
  };
  const detectionMs: Assessment['detectionMs'][number][] = [];
  const resolveMs: number[] = [];

  for (const trigger of triggers) {
    const { at, kind, rule, failingRegions, flapping } = trigger;
    const words = `${kind} ${rule} ${failingRegions.join(',')}`;
    if (kind === 'not_watched') {
      const watching = life.regions.some((region) => truth.isSound(region, at - NOT_WATCHED_MS, at));
      if (watching && mishaps.every((one) => one < at - 3 * NOT_WATCHED_MS || one > at))
        find('false', at, words);
      continue;
    }
    const wrong = truth.wrong.findLast(({ from, to }) => from <= at && to >= at - graceMs);
    if (!wrong) {
      find(isOfHalfSick(trigger, truth) ? 'false_in_half_sick_region' : 'false', at, words);
      continue;
    }
    if (wrong.to < at) find('late', at, words);
    const lasted = Math.min(at, wrong.to) - wrong.from;
    const flaps = flapping || comesAndGoes(trigger, truth);
    if (!flaps && lasted < alertAfterSeconds * 1000 - STEP_MS) find('early', at, words);
    const word = wrongWord(trigger, truth, Math.max(0, at - wrong.to));
    if (word) find(flaps ? 'wrong_while_flapping' : `wrong_${word}`, at, words);
    const missing = word ? [] : unnamed(trigger, truth);
    if (missing.length > 0) find('unnamed', at, `${words}, not ${missing.join(',')}`);
    const end = endOf(trigger.dedupKey);
    if (!flaps && end < Number.POSITIVE_INFINITY && wrong.to < end) resolveMs.push(end - wrong.to);
  }

  const outages = life.faults.filter((fault) => isReal(fault) && fault.what !== 'restart');
  let owed = 0;
  for (const fault of outages) {
    for (const span of joined(spansOf(fault), 0)) {
      const dueMs = owedAfterMs(fault, truth);
      const first = triggers.find(
        ({ at, dedupKey }) => at <= span.to + graceMs && endOf(dedupKey) > span.from,
      );
      if (first && first.at >= span.from && fault.what === 'outage') {
        const ms = first.at - span.from - alertAfterSeconds * 1000;
        if (isSeen(fault, truth, span.from, first.at, [])) {
          detectionMs.push({ ms, intervalSeconds, dead: fault.addresses !== null });
        }
      }
      if (span.to - span.from <= dueMs) continue;
      owed += 1;
      if (first) continue;
      const seen = isSeen(fault, truth, span.from, span.from + dueMs, mishaps);
      const { what, regions, addresses, fates } = fault;
      const detail = `${what} ${JSON.stringify(fates)} ${addresses ?? 'all'} ${regions.join(',')} ${(span.to - span.from) / 1000} s`;
      find(seen ? 'missed' : 'missed_unseen', span.from, detail);
    }
  }
  return { findings, triggers: triggers.length, outages: outages.length, owed, detectionMs, resolveMs };
}

/** interval + 30 s + alertAfterSeconds; of one address of several, which comes up once in so many slots, as many intervals. */
function owedAfterMs({ addresses }: Fault, { life }: WholeTruth): number {
  const { intervalSeconds, alertAfterSeconds } = life.endpoint;
  const turns =
    addresses === null ? 1 : Math.max(...life.regions.map((one) => answerAt(life, one, 0).length));
  return (turns * intervalSeconds + 30 + alertAfterSeconds) * 1000;
}

/** Whether every region was there and well in all the time, and no round or message of it lost or late. */
function isSeen(
  _fault: Fault,
  truth: WholeTruth,
  from: number,
  to: number,
  mishaps: readonly number[],
): boolean {
  const before = from - 3 * 60_000;
  if (mishaps.some((at) => at >= before && at <= to)) return false;
  return truth.life.regions.every((region) => truth.isSound(region, before, to));
}

/** Whether a region that is named is one that loses some packets or queries, but not so many that it would blame itself. */
function isOfHalfSick({ failingRegions, since, at }: Transition, { life }: WholeTruth): boolean {
  return life.faults.some(
    ({ what, regions, from, to }) =>
      (what === 'half_sick' || what === 'resolver_sick') &&
      regions.some((region) => failingRegions.includes(region)) &&
      from <= at &&
      to >= since - WAY_MS,
  );
}

/** Whether the port comes and goes while it is told: no two regions need have seen the same of it. */
function comesAndGoes({ since, at }: Transition, { life }: WholeTruth): boolean {
  return life.faults.some(({ what, from, to }) => what === 'flapping' && from <= at && to >= since - WAY_MS);
}

/** Each transition once, as it was first told. */
function firsts(told: readonly Transition[]): readonly Transition[] {
  const seen = new Set<string>();
  return told.filter(({ dedupKey, sequence }) => {
    const key = `${dedupKey}#${sequence}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
