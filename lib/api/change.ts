import { isDeepStrictEqual } from 'node:util';
import type { Endpoint, EndpointSettings } from '../endpoint/endpoint.ts';
import { tagOf } from '../endpoint/tag.ts';
import { raisePlan } from '../store/cohort.ts';
import { createEndpoint, replaceEndpoint } from '../store/endpoint.ts';
import { type Api, text } from './api.ts';
import { claim, giveBack, isOfInterval, type Place } from './placement.ts';
import { askForTries, nudge } from './tell.ts';

/** Settings that decide what is tried: once one changes, earlier observations say nothing of the endpoint. */
const TRIED = [
  'host',
  'port',
  'handshake',
  'addressFamily',
  'serverName',
  'certificate',
  'intervalSeconds',
  'regions',
  'enabled',
] as const satisfies readonly (keyof EndpointSettings)[];

// A plan is raised before a change and after it: whoever keeps a cohort's endpoints sees the change even if this process dies in between.

/** @returns the stored endpoint; null when one of this id has come into being meanwhile. */
export async function create(api: Api, id: string, settings: EndpointSettings): Promise<Endpoint | null> {
  const at = text(api.now());
  const tag = tagOf({ id, createdAt: at, host: settings.host, port: settings.port });
  const place = await claim(api, tag, settings.intervalSeconds);
  const { cohort } = place;
  const endpoint = { ...settings, id, cohort, createdAt: at, updatedAt: at, watchedSince: at, revision: 1 };
  if (!(await createEndpoint(api.table, endpoint))) {
    await giveBack(api, id, place);
    return null;
  }
  await raisePlan(api.table, cohort);
  await nudge(api, [cohort]);
  await askForTries(api, endpoint);
  return endpoint;
}

/**
 * Puts other settings in the place of the stored ones; the same settings change nothing and keep the revision.
 *
 * @returns the stored endpoint; null when somebody else was faster.
 */
export async function replace(api: Api, old: Endpoint, settings: EndpointSettings): Promise<Endpoint | null> {
  const anew = TRIED.some((key) => !isDeepStrictEqual(old[key], settings[key]));
  const at = text(api.now());
  const { id, createdAt, revision } = old;
  const oldPlace: Place = { cohort: old.cohort, tag: tagOf(old) };
  const place = anew ? await placeFor(api, old, settings) : oldPlace;
  const moved = !isDeepStrictEqual(place, oldPlace);
  const endpoint: Endpoint = {
    ...settings,
    id,
    cohort: place.cohort,
    createdAt,
    updatedAt: at,
    watchedSince: anew ? at : old.watchedSince,
    revision: revision + 1,
  };
  if (isDeepStrictEqual({ ...endpoint, updatedAt: old.updatedAt, revision }, old)) return old;
  await raisePlan(api.table, place.cohort);
  if (!(await replaceEndpoint(api.table, endpoint, revision))) {
    if (moved) await giveBack(api, id, place);
    return null;
  }
  if (moved) await giveBack(api, id, oldPlace);
  await raisePlan(api.table, place.cohort);
  await nudge(api, [old.cohort, place.cohort]);
  if (anew) await askForTries(api, endpoint);
  return endpoint;
}

async function placeFor(api: Api, old: Endpoint, settings: EndpointSettings): Promise<Place> {
  const tag = tagOf({ ...old, host: settings.host, port: settings.port });
  const stays = isOfInterval(old.cohort, settings.intervalSeconds);
  if (stays && tag === tagOf(old)) return { cohort: old.cohort, tag };
  return claim(api, tag, settings.intervalSeconds, stays ? old.cohort : undefined);
}

/**
 * Marks an endpoint as deleted; the judge resolves what is open and removes it.
 *
 * @returns the time of the mark; null when somebody else changed the endpoint meanwhile.
 */
export async function markDeleted(api: Api, old: Endpoint): Promise<string | null> {
  const deletedAt = text(api.now());
  const endpoint = { ...old, deletedAt, updatedAt: deletedAt, revision: old.revision + 1 };
  await raisePlan(api.table, old.cohort);
  if (!(await replaceEndpoint(api.table, endpoint, old.revision))) return null;
  await raisePlan(api.table, old.cohort);
  await nudge(api, [old.cohort]);
  return deletedAt;
}
