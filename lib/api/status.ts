import { parseCohort, unknownAfterMs } from '../endpoint/cohort.ts';
import { type Endpoint, regionsOf } from '../endpoint/endpoint.ts';
import { type Mute, type QuietPlans, quietOf } from '../endpoint/quiet.ts';
import { severityOf } from '../endpoint/severity.ts';
import { tagOf } from '../endpoint/tag.ts';
import { settlesAt } from '../incident/flapping.ts';
import { statusOf } from '../incident/judge.ts';
import type { EndpointState, Incident } from '../incident/state.ts';
import { lookFirst } from '../outcome/look-first.ts';
import type { CertificateFacts } from '../round/certificate.ts';
import type { Observation } from '../round/observation.ts';
import { certificatesOf } from '../store/certificate.ts';
import { mutesOf } from '../store/mute.ts';
import { quietPlans } from '../store/quiet.ts';
import { roundsSince } from '../store/round.ts';
import { statesOf } from '../store/state.ts';
import type { RegionReport } from '../verdict/region-state.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { type Api, type RouteHandler, text, textOrNull } from './api.ts';
import { endpointJson, readEndpoint } from './endpoints.ts';
import { incidentJson } from './incident-json.ts';
import { pageOfEndpoints } from './list.ts';
import { existingId, onlyParameters } from './request.ts';

/** By tag and region. */
type Seen = ReadonlyMap<number, ReadonlyMap<string, readonly Observation[]>>;

export const getStatus: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const endpoint = await readEndpoint(api, existingId(request));
  const { id } = endpoint;
  const [seen, states, mutes, plans] = await Promise.all([
    observationsOf(api, endpoint.cohort, regionsOf(endpoint, api.environment.regions)),
    statesOf(api.table, [id]),
    mutesOf(api.table, [id]),
    quietPlans(api.table),
  ]);
  const { verdict, regions, incident } = status(api, endpoint, states, seen);
  const body = {
    endpoint: endpointJson(endpoint),
    verdict: verdictJson(endpoint, verdict, incident),
    incident: incident && incidentJson(id, incident),
    regions,
    certificates: await certificatesIn(api, regions),
    checklist: checklistOf(endpoint, verdict, regions),
    ...quietJson(api, endpoint, mutes, plans),
  };
  return { status: 200, body };
};

export const getStatusOfAll: RouteHandler = async (request, api) => {
  const { endpoints, next } = await pageOfEndpoints(request, api, { fallback: 100, max: 200 });
  const ids = endpoints.map(({ id }) => id);
  const [states, mutes, plans] = await Promise.all([
    statesOf(api.table, ids),
    mutesOf(api.table, ids),
    quietPlans(api.table),
  ]);
  const items: unknown[] = [];
  for (const cohort of new Set(endpoints.map((endpoint) => endpoint.cohort))) {
    const seen = await observationsOf(api, cohort, api.environment.regions);
    for (const endpoint of endpoints.filter((one) => one.cohort === cohort)) {
      const { id, name, host, port, handshake, tags, team } = endpoint;
      const { verdict, regions, incident } = status(api, endpoint, states, seen);
      items.push({
        endpoint: { id, name, host, port, handshake, tags, team },
        verdict: verdictJson(endpoint, verdict, incident),
        regions,
        ...quietJson(api, endpoint, mutes, plans),
      });
    }
  }
  return { status: 200, body: { items, next } };
};

function status(api: Api, endpoint: Endpoint, states: ReadonlyMap<string, EndpointState>, seen: Seen) {
  const tag = tagOf(endpoint);
  return statusOf({
    endpoint,
    tag,
    deployedRegions: api.environment.regions,
    state: states.get(endpoint.id) ?? null,
    observations: seen.get(tag) ?? new Map(),
    now: api.now(),
  });
}

/** What to look at first, as alerts have it; nothing where all is well. */
function checklistOf(
  { host, port, serverName }: Endpoint,
  { rule }: Verdict,
  regions: readonly RegionReport[],
): readonly string[] {
  if (rule === 'reachable') return [];
  const failing = regions.filter(({ state }) => state === 'failing' || state === 'suspect');
  const sourceAddresses = failing.flatMap(({ sourceAddress }) => sourceAddress ?? []);
  return lookFirst({ rule, failing, host, port, serverName: serverName ?? null, sourceAddresses });
}

/** What the regions' certificates say, each once. */
async function certificatesIn(
  api: Api,
  regions: readonly RegionReport[],
): Promise<readonly CertificateFacts[]> {
  const seen = new Set(regions.map(({ certificate }) => certificate).filter((one) => one !== null));
  const found = await Promise.all([...seen].map((digits) => certificatesOf(api.table, digits)));
  return [...new Map(found.flat().map((facts) => [facts.sha256, facts])).values()];
}

/** While a flapping incident settles its rule stays, whatever the regions say now: `settlesAt` says until when. */
function verdictJson({ severities }: Endpoint, { rule, kind, since }: Verdict, incident: Incident | null) {
  return {
    rule,
    kind,
    severity: kind && severityOf(kind, severities),
    since: text(since),
    settlesAt: textOrNull(incident && settlesAt(incident)),
  };
}

/** The endpoint's own mute, and why nothing is told of it now, whatever the reason. */
function quietJson(api: Api, endpoint: Endpoint, mutes: ReadonlyMap<string, Mute>, plans: QuietPlans) {
  const mute = mutes.get(endpoint.id) ?? null;
  const found = quietOf(endpoint, mute, plans, api.now());
  if (!found) return { mute, quiet: null };
  const { reason, id, note, untilMs } = found;
  return { mute, quiet: { reason, id, note, until: text(untilMs) } };
}

/** What was observed of a cohort for as long as a region without observations still counts. */
async function observationsOf(api: Api, cohort: string, regions: readonly string[]): Promise<Seen> {
  const { intervalSeconds } = parseCohort(cohort);
  // A round's key is its slot, and its tries may begin an interval later.
  const since = Math.floor((api.now() - unknownAfterMs(intervalSeconds)) / 1000) - intervalSeconds;
  const read = await Promise.all(regions.map((region) => roundsSince(api.table, cohort, region, since)));
  const seen = new Map<number, Map<string, Observation[]>>();
  for (const { region, observations } of read.flat()) {
    for (const observation of observations) {
      const ofTag = seen.get(observation.tag) ?? new Map<string, Observation[]>();
      seen.set(observation.tag, ofTag);
      const ofRegion = ofTag.get(region) ?? [];
      ofTag.set(region, ofRegion);
      ofRegion.push(observation);
    }
  }
  return seen;
}
