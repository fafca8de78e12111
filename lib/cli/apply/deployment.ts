import type { EndpointInput } from '../../endpoint/schema.ts';
import { type ApiClient, allOf, bodyOf } from '../api-client.ts';
import { ApiRefusal } from '../api-refusal.ts';
import { eachOf } from './each.ts';
import type { Deployed } from './plan.ts';

const MAX_PAGE = 500;

/** What of the deployment is read. */
export interface Filter {
  readonly tag?: string | undefined;
  readonly team?: string | undefined;
}

/** All endpoints, by id. @throws ApiRefusal */
export async function listDeployed(api: ApiClient, filter: Filter = {}): Promise<Map<string, Deployed>> {
  const all = await allOf((next) =>
    api.GET('/endpoints', { params: { query: { ...filter, limit: MAX_PAGE, next } } }),
  );
  return new Map(all.map((endpoint) => [endpoint.id, endpoint]));
}

/** One endpoint, as it is at this moment; null: there is none. @throws ApiRefusal */
export async function readDeployed(api: ApiClient, id: string): Promise<Deployed | null> {
  try {
    return await bodyOf(api.GET('/endpoints/{id}', { params: { path: { id } } }));
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 404) return null;
    throw error;
  }
}

/** All endpoints, and those of `ids` for certain: the list may lack what was created a moment ago. @throws ApiRefusal */
export async function readAll(
  api: ApiClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Deployed>> {
  const deployed = await listDeployed(api);
  await eachOf(
    ids.filter((id) => !deployed.has(id)),
    async (id) => {
      const endpoint = await readDeployed(api, id);
      if (endpoint) deployed.set(id, endpoint);
    },
  );
  return deployed;
}

/** Puts an endpoint if it is still of this revision; null: if there is none. @throws ApiRefusal */
export async function putEndpoint(
  api: ApiClient,
  id: string,
  input: EndpointInput,
  revision: number | null,
): Promise<void> {
  await bodyOf(
    api.PUT('/endpoints/{id}', {
      params: {
        path: { id },
        header: revision === null ? { 'If-None-Match': '*' } : { 'If-Match': `"${revision}"` },
      },
      body: input,
    }),
  );
}

/** Removes an endpoint if it is still of this revision. It is gone for its readers then. @throws ApiRefusal */
export async function deleteEndpoint(api: ApiClient, id: string, revision: number): Promise<void> {
  await bodyOf(
    api.DELETE('/endpoints/{id}', {
      params: { path: { id }, header: { 'If-Match': `"${revision}"` } },
    }),
  );
}
