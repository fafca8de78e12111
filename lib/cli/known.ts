import { nearest } from '../endpoint/nearest.ts';
import { type ApiClient, bodyOf, type Schemas } from './api-client.ts';
import { ApiRefusal } from './api-refusal.ts';

type Endpoint = Schemas['Endpoint'];

/** Pages of the list of endpoints that are read for a word that was meant: a slip of the fingers is not worth more. */
const PAGES = 4;

/** What may be asked for: an id, or a dedupKey that looks like one. Anything else need not be one segment of a path. */
const LIKE_AN_ID = /^[a-z0-9-]+$/;

/** Some of what is registered, at most 2000. @throws ApiRefusal */
export async function someEndpoints(
  api: ApiClient,
  filter: { readonly tag?: string | undefined; readonly team?: string | undefined } = {},
  signal?: AbortSignal,
): Promise<readonly Endpoint[]> {
  const found: Endpoint[] = [];
  let next: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const query = { limit: 500, next, ...filter };
    const body = await bodyOf(api.GET('/endpoints', { params: { query }, ...(signal ? { signal } : {}) }));
    found.push(...body.items);
    if (body.next === null) break;
    next = body.next;
  }
  return found;
}

/** Asks about an endpoint. Where there is none of this id, the refusal says which one was probably meant. @throws ApiRefusal */
export async function ofEndpoint<T>(api: ApiClient, id: string, ask: () => Promise<T>): Promise<T> {
  if (!LIKE_AN_ID.test(id)) throw await noEndpoint(api, id, null);
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiRefusal && isNoEndpoint(error)) throw await noEndpoint(api, id, error);
    throw error;
  }
}

/** Another 404 is of an incident, a check or a route. */
const isNoEndpoint = ({ status, errors }: ApiRefusal): boolean =>
  status === 404 &&
  errors.some(({ pointer, parameter }) =>
    ['id', 'endpoint', '#/endpoint'].includes(parameter ?? pointer ?? ''),
  );

async function noEndpoint(api: ApiClient, id: string, cause: ApiRefusal | null): Promise<ApiRefusal> {
  const ids = (await someEndpoints(api).catch(() => null))?.map((endpoint) => endpoint.id) ?? null;
  const remedy =
    ids?.length === 0
      ? 'none is registered yet, see parallax endpoints add --help'
      : meant(id, ids ?? [], 'parallax endpoints lists them');
  return new ApiRefusal(`there is no endpoint ${JSON.stringify(id)}: ${remedy}`, { status: 404, cause });
}

/** `did you mean shop?`, or what else is to be done. */
function meant(written: string, known: readonly string[], otherwise: string): string {
  const near = nearest(written, known);
  return near === null ? otherwise : `did you mean ${near}?`;
}

/**
 * Why nothing is found by a tag or a team: no endpoint has it, and which one was probably meant; null: some endpoint has it, or neither
 * is asked for. That nothing is wrong with what there is not would read as all clear. @throws ApiRefusal
 */
export async function noneLike(
  api: ApiClient,
  { tag, team }: { readonly tag?: string | undefined; readonly team?: string | undefined },
): Promise<string | null> {
  if (tag === undefined && team === undefined) return null;
  if ((await someEndpoints(api, { tag, team })).length > 0) return null;
  const all = await someEndpoints(api);
  const tags = [...new Set(all.flatMap((endpoint) => endpoint.tags))];
  const teams = [...new Set(all.flatMap((endpoint) => endpoint.team ?? []))];
  const found = `no endpoint ${[
    ...(tag === undefined ? [] : [`has the tag ${JSON.stringify(tag)}`]),
    ...(team === undefined ? [] : [`is of the team ${JSON.stringify(team)}`]),
  ].join(' and ')}`;
  const near = [
    tag === undefined || tags.includes(tag) ? null : nearest(tag, tags),
    team === undefined || teams.includes(team) ? null : nearest(team, teams),
  ].filter((word) => word !== null);
  return near.length === 0 ? found : `${found}: did you mean ${near.join(', ')}?`;
}
