import { latenessSeconds, parseCohort } from '../endpoint/cohort.ts';
import { type Endpoint, regionsOf } from '../endpoint/endpoint.ts';
import { concerns, type Maintenance, type Window, windowsFrom } from '../endpoint/maintenance.ts';
import { tagOf } from '../endpoint/tag.ts';
import type { Observation } from '../round/observation.ts';
import { quietPlans } from '../store/quiet.ts';
import { timingsOf } from '../store/round.ts';
import { type Api, type RouteHandler, text } from './api.ts';
import { nextOf, positionOf } from './cursor.ts';
import { readEndpoint } from './endpoints.ts';
import { badParameter } from './problem.ts';
import { type ApiRequest, existingId, limitOf, onlyParameters, timeParameter } from './request.ts';

const LIMITS = { fallback: 100, max: 1000 };
const DEFAULT_RANGE_MS = 3_600_000;
/** Rounds without this endpoint are read past; a page that found only such goes on in the next request. */
const READS_A_PAGE = 10;
/** from, to, region asked for (or none), region being read, the store's cursor in it (or none). */
const POSITION = /^(\d{1,15})\/(\d{1,15})\/([a-z0-9-]*)\/([a-z0-9-]+)\/([\w-]*)$/;

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Reading extends Range {
  /** Asked for; empty: all of the endpoint. */
  readonly region: string;
  /** Where to go on; empty: at the first. */
  readonly at: string;
  readonly cursor: string;
}

/**
 * What was measured between two times, region by region and oldest first in each. A page follows whole rounds: a confirmation
 * holds up to two tries, and both come together.
 */
export const getTimings: RouteHandler = async (request, api) => {
  onlyParameters(request, ['region', 'from', 'to', 'limit', 'next']);
  const endpoint = await readEndpoint(api, existingId(request));
  const limit = limitOf(request, LIMITS);
  const list = `timings/${endpoint.id}`;
  const reading = readingOf(request, api, list);
  const wanted = regionsAsked(endpoint, api, reading.region);
  const { cohort } = endpoint;
  const range = dueBetween(cohort, reading);
  const tag = tagOf(endpoint);
  const planned = (await quietPlans(api.table)).maintenances.filter((one) => concerns(one, endpoint));
  const items: unknown[] = [];
  let { cursor } = reading;
  let position = Math.max(0, wanted.indexOf(reading.at));
  for (let reads = 0; ; reads += 1) {
    const region = wanted[position];
    if (region === undefined) return { status: 200, body: { items, next: null } };
    if (reads === READS_A_PAGE || items.length >= limit) {
      const { fromMs, toMs } = reading;
      const next = nextOf(list, `${fromMs}/${toMs}/${reading.region}/${region}/${cursor}`);
      return { status: 200, body: { items, next } };
    }
    const page = await timingsOf(api.table, cohort, region, {
      ...range,
      limit: limit - items.length,
      cursor,
    });
    const seen = page.items.flatMap(({ observations }) => observations);
    const own = seen.filter((one) => one.tag === tag && one.at >= reading.fromMs && one.at < reading.toMs);
    const windows = windowsAround(own, planned);
    items.push(...own.map((observation) => timingJson(region, observation, windows)));
    cursor = page.next ?? '';
    if (page.next === null) position += 1;
  }
};

/** @param region empty: all of the endpoint. @throws Problem when it is not one of them. */
export function regionsAsked(endpoint: Endpoint, api: Api, region: string): readonly string[] {
  const all = regionsOf(endpoint, api.environment.regions);
  if (region === '') return all;
  if (all.includes(region)) return [region];
  throw badParameter('region', `must be one of this endpoint's regions: ${all.join(', ')}`);
}

/** When rounds whose tries may have begun between two times were due. */
export function dueBetween(cohort: string, { fromMs, toMs }: Range) {
  const { intervalSeconds } = parseCohort(cohort);
  const early = intervalSeconds + latenessSeconds(intervalSeconds);
  return { fromSeconds: fromMs / 1000 - early, toSeconds: Math.floor(toMs / 1000) + 1 };
}

/** Of `from` and `to`; by default the last hour. */
export function rangeOf(request: ApiRequest, api: Api): Range {
  const toMs = timeParameter(request, 'to') ?? api.now();
  const fromMs = timeParameter(request, 'from') ?? toMs - DEFAULT_RANGE_MS;
  if (fromMs >= toMs) throw badParameter('from', 'must be before "to"');
  return { fromMs: Math.max(0, fromMs), toMs };
}

/** The cursor keeps the times of the first page, whose defaults would move with the clock. */
function readingOf(request: ApiRequest, api: Api, list: string): Reading {
  const position = positionOf(request, list, POSITION);
  if (position) {
    const [from, to, region = '', at = '', cursor = ''] = position;
    return { fromMs: Number(from), toMs: Number(to), region, at, cursor };
  }
  return { ...rangeOf(request, api), region: request.query.get('region') ?? '', at: '', cursor: '' };
}

/** The windows in which any of these tries may have been made, as they are planned now. */
export function windowsAround(
  tries: readonly Observation[],
  planned: readonly Maintenance[],
): readonly Window[] {
  if (tries.length === 0) return [];
  const times = tries.map(({ at }) => at);
  const beforeMs = Math.max(...times) + 1;
  return planned.flatMap((one) => windowsFrom(one, Math.min(...times), { beforeMs }));
}

/** Whether a try was made in one of them. */
export const isIn = (windows: readonly Window[], { at }: Pick<Observation, 'at'>): boolean =>
  windows.some(({ fromMs, untilMs }) => fromMs <= at && at < untilMs);

function timingJson(region: string, observation: Observation, windows: readonly Window[]) {
  const { at, stage, timings } = observation;
  const outcome = observation.passed ? 'ok' : observation.outcome;
  const dialled = observation.passed || observation.stage !== 'dns' ? observation : null;
  return {
    region,
    at: text(at),
    stage,
    outcome,
    evidence: observation.passed ? 'listening' : observation.evidence,
    reason: observation.passed ? null : observation.reason,
    timings,
    address: dialled?.address ?? null,
    tcpClock: dialled?.tcpClock ?? null,
    tainted: dialled?.tainted ?? [],
    synRetransmits: dialled?.synRetransmits ?? 0,
    minRttMs: dialled?.minRttMs ?? null,
    maintenance: isIn(windows, observation),
  };
}
