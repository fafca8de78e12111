import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Acknowledgement } from '../incident/state.ts';
import {
  putAcknowledgement,
  putAcknowledgementOf,
  removeAcknowledgement,
  removeAcknowledgementOf,
} from '../store/acknowledgement.ts';
import { cohortsOf } from '../store/cause.ts';
import { getEndpoint } from '../store/endpoint.ts';
import { allGroups } from '../store/group.ts';
import { openStates, statesOf } from '../store/state.ts';
import { getWatch } from '../store/watch.ts';
import type { Api } from './api.ts';
import { nudge, nudgeOf } from './tell.ts';

/** Something open that somebody can look after. The judge tells of it. */
export interface Acknowledgeable {
  /** The dedupKey of its alerts. */
  readonly incident: string;
  put(said: Acknowledgement): Promise<void>;
  remove(): Promise<void>;
}

/** What is open of an endpoint: its incident, or the group that it is told with; null: nothing. */
export async function ofEndpoint(
  api: Api,
  { id, cohort }: Pick<Endpoint, 'id' | 'cohort'>,
): Promise<Acknowledgeable | null> {
  const incident = (await statesOf(api.table, [id])).get(id)?.incident;
  if (!incident) return null;
  if (incident.grouped !== null) return { ...ofGroup(api, incident.grouped), incident: incident.id };
  const nudged = () => nudge(api, [cohort]);
  return {
    incident: incident.id,
    put: (said) => putAcknowledgement(api.table, id, said).then(nudged),
    remove: () => removeAcknowledgement(api.table, id).then(nudged),
  };
}

/** What is open and has this dedupKey; null: nothing. */
export async function acknowledgeable(api: Api, dedupKey: string): Promise<Acknowledgeable | null> {
  // No endpoint's id has a dot in it.
  if (!dedupKey.includes('.')) return ofOpenEndpoint(api, dedupKey);
  const [watch, groups] = await Promise.all([getWatch(api.table), allGroups(api.table)]);
  const group = groups.find(({ incident }) => incident?.id === dedupKey);
  if (group) return { ...ofGroup(api, group.cause), incident: dedupKey };
  if (!Object.values(watch.open).some(({ id }) => id === dedupKey)) return null;
  const nudged = () => nudgeOf(api, { kind: 'watch' });
  return {
    incident: dedupKey,
    put: (said) => putAcknowledgementOf(api.table, dedupKey, said).then(nudged),
    remove: () => removeAcknowledgementOf(api.table, dedupKey).then(nudged),
  };
}

async function ofOpenEndpoint(api: Api, dedupKey: string): Promise<Acknowledgeable | null> {
  const open = await openStates(api.table);
  const id = open.find(({ incident }) => incident?.id === dedupKey)?.endpointId;
  const endpoint = id === undefined ? null : await getEndpoint(api.table, id);
  return endpoint && ofEndpoint(api, endpoint);
}

/** One item for all of them: the judges of their cohorts take it for each, that of the cause tells it once. */
function ofGroup(api: Api, cause: string): Omit<Acknowledgeable, 'incident'> {
  const nudged = async (): Promise<void> => {
    await nudge(api, await cohortsOf(api.table, cause));
    await nudgeOf(api, { kind: 'group', cause });
  };
  return {
    put: (said) => putAcknowledgementOf(api.table, cause, said).then(nudged),
    remove: () => removeAcknowledgementOf(api.table, cause).then(nudged),
  };
}
