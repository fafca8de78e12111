import { incidentsBefore, positionAt, type Recorded } from '../store/history.ts';
import { statesOf } from '../store/state.ts';
import { getWatch } from '../store/watch.ts';
import { type Api, type RouteHandler, text } from './api.ts';
import { nextOf, positionOf } from './cursor.ts';
import { filterOf, INCIDENT_FILTERS, knownEndpoint } from './incident-filter.ts';
import { INCIDENT_LIMITS, type IncidentJson, incidentJson, watchIncidentJson } from './incident-json.ts';
import { badParameter } from './problem.ts';
import { type ApiRequest, limitOf, onlyParameters, timeParameter } from './request.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;
const SUMMARY_DAYS = 30;
/** A filter that matches little must not read the whole range for one page: the page is then short and `next` goes on. */
const READS_A_PAGE = 14;
/** More would not be read in the time that a request has. */
const MOST_SUMMARISED = 10_000;
/** Read at once for a summary. */
const SUMMARY_READ = 2000;
/** A time, and the incident of that time after which the list goes on. */
const POSITION = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z(?:#[a-z0-9.-]{1,80})?)$/;

/** What opened from a time on, newest first, ended or not; what is open is as the judge knows it. */
export const getHistory: RouteHandler = async (request, api) => {
  const limit = limitOf(request, INCIDENT_LIMITS);
  const isAsked = filterOf(request);
  const { fromMs, toMs } = rangeOf(request, api, null);
  await knownEndpoint(request, api, 'ever');
  const [position] = positionOf(request, 'history', POSITION) ?? [];
  const items: IncidentJson[] = [];
  let before: string | null = position ?? positionAt(toMs);
  for (let reads = 0; before !== null && items.length < limit && reads < READS_A_PAGE; reads += 1) {
    const chapter = await incidentsBefore(api.table, { fromMs, before, limit: limit - items.length });
    items.push(...(await asKnown(chapter.items, api)).map(jsonOf).filter(isAsked));
    before = chapter.next;
  }
  return { status: 200, body: { items, next: before === null ? null : nextOf('history', before) } };
};

/** Counts and durations over a range, those of the watching itself only when their kind is asked for. */
export const getIncidentSummary: RouteHandler = async (request, api) => {
  onlyParameters(request, ['from', 'to', ...INCIDENT_FILTERS]);
  const isAsked = filterOf(request);
  const { fromMs, toMs } = rangeOf(request, api, SUMMARY_DAYS * DAY_MS);
  await knownEndpoint(request, api, 'ever');
  const ofKind = request.query.has('kind');
  const found: IncidentJson[] = [];
  let before: string | null = positionAt(toMs);
  for (let read = 0; before !== null && read < MOST_SUMMARISED; ) {
    const limit = Math.min(SUMMARY_READ, MOST_SUMMARISED - read);
    const chapter = await incidentsBefore(api.table, { fromMs, before, limit });
    const all = chapter.items.map(jsonOf).filter(isAsked);
    found.push(...all.filter(({ endpoint }) => ofKind || endpoint !== null));
    read += chapter.items.length;
    before = chapter.next;
  }
  // What ended otherwise was not seen to be mended.
  const mended = found.filter(({ end }) => end === 'recovered');
  const body = {
    from: text(fromMs),
    to: text(toMs),
    incidents: found.length,
    open: found.filter(({ endedAt }) => endedAt === null).length,
    untold: found.filter(({ untold }) => untold).length,
    complete: before === null,
    timeToConfirm: durations(found.map(({ timeToConfirmMs }) => timeToConfirmMs)),
    timeToTell: durations(found.map(({ timeToTellMs }) => timeToTellMs)),
    timeToAcknowledge: durations(found.map(({ timeToAcknowledgeMs }) => timeToAcknowledgeMs)),
    timeToResolve: durations(mended.map(({ timeToResolveMs }) => timeToResolveMs)),
  };
  return { status: 200, body };
};

/** @param defaultMs - how long before its end the range begins where that is not said; null: it must be. */
function rangeOf(request: ApiRequest, api: Api, defaultMs: number | null): { fromMs: number; toMs: number } {
  const toMs = timeParameter(request, 'to') ?? api.now();
  const given = timeParameter(request, 'from') ?? (defaultMs === null ? null : Math.max(0, toMs - defaultMs));
  if (given === null) throw badParameter('from', 'must be given with "to": both say when incidents opened');
  if (given >= toMs) throw badParameter('from', 'must be before "to"');
  if (toMs - given > MOST_DAYS * DAY_MS) {
    throw badParameter(
      'from',
      `must be at most ${MOST_DAYS} days before "to": ask for one year after another`,
    );
  }
  return { fromMs: given, toMs };
}

const jsonOf = (one: Recorded): IncidentJson =>
  one.endpointId === null ? watchIncidentJson(one.incident) : incidentJson(one.endpointId, one.incident);

/** Copies are written after the state: what is open is looked up there. */
async function asKnown(items: readonly Recorded[], { table }: Api): Promise<readonly Recorded[]> {
  const open = items.filter(({ incident }) => incident.endedAt === null);
  if (open.length === 0) return items;
  const ids = open.flatMap(({ endpointId }) => endpointId ?? []);
  const [states, watch] = await Promise.all([
    statesOf(table, ids),
    open.length > ids.length ? getWatch(table) : null,
  ]);
  return items.map((one): Recorded => {
    const { id } = one.incident;
    if (one.endpointId === null) {
      const known = [...Object.values(watch?.open ?? {}), ...(watch?.uncopied ?? [])];
      return { ...one, incident: known.find((incident) => incident.id === id) ?? one.incident };
    }
    const state = states.get(one.endpointId);
    const known = [...(state?.incident ? [state.incident] : []), ...(state?.uncopied ?? [])];
    return { ...one, incident: known.find((incident) => incident.id === id) ?? one.incident };
  });
}

/** In ms; null where there is none to take the mean of. */
function durations(given: readonly (number | null)[]) {
  const sorted = given.filter((ms) => ms !== null).sort((one, other) => one - other);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) return { count: 0, meanMs: null, medianMs: null };
  const sum = sorted.reduce((one, other) => one + other, 0);
  return {
    count: sorted.length,
    meanMs: Math.round(sum / sorted.length),
    medianMs: Math.round((low + high) / 2),
  };
}
