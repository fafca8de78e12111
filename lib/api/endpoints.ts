import type { Endpoint, EndpointSettings } from '../endpoint/endpoint.ts';
import { parseHost } from '../endpoint/host.ts';
import { hostDefaults, parseEndpoint } from '../endpoint/parse.ts';
import { getEndpoint } from '../store/endpoint.ts';
import type { Answer, Api, RouteHandler } from './api.ts';
import { create, markDeleted, replace } from './change.ts';
import { checkPreconditions, etagOf } from './etag.ts';
import { badFields, Problem } from './problem.ts';
import { existingId, newId, noEndpoint, onlyParameters } from './request.ts';
import { nudge } from './tell.ts';

/** Writers of one endpoint that overtake each other this often are told to try again. */
const TRIES = 5;

/** An endpoint as the API shows it: what the user said and when it was stored. */
export function endpointJson(endpoint: Endpoint): Omit<Endpoint, 'cohort' | 'deletedAt'> {
  const { cohort: _, deletedAt: __, ...shown } = endpoint;
  return shown;
}

/**
 * @param where - what of the request names it; default: the path.
 * @throws Problem 404; an endpoint that is being deleted is gone for its readers.
 */
export async function readEndpoint(
  api: Api,
  id: string,
  where?: Parameters<typeof noEndpoint>[1],
): Promise<Endpoint> {
  const endpoint = await getEndpoint(api.table, id);
  if (!endpoint || endpoint.deletedAt !== undefined) throw noEndpoint(id, where);
  return endpoint;
}

export const getOne: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  return answer(200, await readEndpoint(api, existingId(request)));
};

export const putOne: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const id = newId(request);
  const settings = settingsOf(request.body(), id, api, api.environment.regions);
  return repeated(id, async () => {
    const old = await getEndpoint(api.table, id);
    if (old?.deletedAt !== undefined) throw await beingDeleted(api, old);
    checkPreconditions(request, old?.revision ?? null);
    const stored = old ? await replace(api, old, settings) : await create(api, id, settings);
    return stored && answer(old ? 200 : 201, stored);
  });
};

export const patchOne: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const id = existingId(request);
  const patch = request.body(['application/json', 'application/merge-patch+json']);
  return repeated(id, async () => {
    const old = await readEndpoint(api, id);
    checkPreconditions(request, old.revision);
    // Regions that the deployment has lost must not stand in the way of changing something else.
    const lost = old.regions !== 'all' && !Object.hasOwn(patch, 'regions') ? old.regions : [];
    const regions = [...api.environment.regions, ...lost.filter((r) => !api.environment.regions.includes(r))];
    const stored = await replace(api, old, settingsOf(merged(old, patch), id, api, regions));
    return stored && answer(200, stored);
  });
};

export const deleteOne: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const id = existingId(request);
  return repeated(id, async () => {
    const old = await readEndpoint(api, id);
    checkPreconditions(request, old.revision);
    const deletedAt = await markDeleted(api, old);
    return deletedAt === null ? null : { status: 202, body: { id, deletedAt } };
  });
};

function answer(status: 200 | 201, endpoint: Endpoint): Answer {
  const etag = etagOf(endpoint.revision);
  const location = `/endpoints/${endpoint.id}`;
  const headers: Record<string, string> = status === 201 ? { etag, location } : { etag };
  return { status, body: endpointJson(endpoint), headers };
}

function settingsOf(input: unknown, id: string, api: Api, regions: readonly string[]): EndpointSettings {
  const { ipv6, allowPrivateAddresses } = api.environment;
  const parsed = parseEndpoint(input, { id, regions, ipv6, allowPrivateAddresses });
  if ('errors' in parsed) throw badFields(parsed.errors);
  return parsed.settings;
}

/** Fields that null takes away, so that their default (or nothing) is left. */
const REMOVABLE: readonly string[] = ['serverName', 'team', 'runbookUrl', 'severities'];

/** RFC 7396, but null only where a field can be absent; what followed from the old host follows from the new one. */
function merged(old: Endpoint, patch: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { id: _, cohort: __, createdAt, updatedAt, watchedSince, revision, deletedAt, ...settings } = old;
  const result: Record<string, unknown> = { ...settings };
  const host = parseHost(old.host);
  if (Object.hasOwn(patch, 'host') && 'kind' in host) {
    const defaults = hostDefaults(host);
    if (old.addressFamily === defaults.addressFamily) delete result.addressFamily;
    if (old.serverName === defaults.serverName) delete result.serverName;
  }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null && REMOVABLE.includes(key)) delete result[key];
    else Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return result;
}

async function beingDeleted(api: Api, old: Endpoint): Promise<Problem> {
  await nudge(api, [old.cohort]);
  return new Problem(409, `endpoint ${old.id} is still being deleted: try again in a few seconds`, {
    headers: { 'retry-after': '5' },
  });
}

/** Reads and writes until nobody else comes in between. */
async function repeated(id: string, once: () => Promise<Answer | null>): Promise<Answer> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const done = await once();
    if (done) return done;
  }
  throw new Problem(409, `endpoint ${id} is being changed by others at the same time: try again`);
}
