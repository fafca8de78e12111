import { concerns } from '../endpoint/maintenance.ts';
import { tagOf } from '../endpoint/tag.ts';
import { statisticsOf } from '../round/statistics.ts';
import { quietPlans } from '../store/quiet.ts';
import { newestRounds } from '../store/round.ts';
import { type RouteHandler, text } from './api.ts';
import { readEndpoint } from './endpoints.ts';
import { existingId, onlyParameters } from './request.ts';
import { dueBetween, isIn, rangeOf, regionsAsked, windowsAround } from './timings.ts';

/** Of all regions together: more would not be read in the time that a request has. */
const MOST_ROUNDS = 6000;

/**
 * What the tries between two times took, region by region: only what is the network's, and no tries in maintenance. Where there are
 * more rounds than can be read, those of the newest.
 */
export const getTimingSummary: RouteHandler = async (request, api) => {
  onlyParameters(request, ['region', 'from', 'to']);
  const endpoint = await readEndpoint(api, existingId(request));
  const range = rangeOf(request, api);
  const wanted = regionsAsked(endpoint, api, request.query.get('region') ?? '');
  const { cohort } = endpoint;
  const limit = Math.floor(MOST_ROUNDS / wanted.length);
  const due = { ...dueBetween(cohort, range), limit };
  const planned = (await quietPlans(api.table)).maintenances.filter((one) => concerns(one, endpoint));
  const tag = tagOf(endpoint);
  let complete = true;
  const regions: unknown[] = [];
  for (const region of wanted) {
    const newest = await newestRounds(api.table, cohort, region, due);
    const own = newest.rounds
      .flatMap(({ observations }) => observations)
      .filter((one) => one.tag === tag && one.at >= range.fromMs && one.at < range.toMs);
    const windows = windowsAround(own, planned);
    const counted = own.filter((one) => !isIn(windows, one));
    regions.push({ region, ...statisticsOf(counted), maintenance: own.length - counted.length });
    complete &&= newest.complete;
  }
  return { status: 200, body: { from: text(range.fromMs), to: text(range.toMs), complete, regions } };
};
