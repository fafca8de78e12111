import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from '../deployment/api-types.ts';
import { checkedAnswer } from './api-answer.ts';
import { type ApiOptions, openFetch } from './api-fetch.ts';
import { ApiRefusal } from './api-refusal.ts';

/** What is sent and answered, by its name in the OpenAPI document. */
export type Schemas = components['schemas'];

export type ApiClient = Client<paths>;

/**
 * The API, typed as its OpenAPI document says. Every call rejects with ApiRefusal unless the answer is 2xx.
 * @throws UsageError for an API that cannot be asked.
 */
export function connect(options: ApiOptions): ApiClient {
  const { url, fetch } = openFetch(options);
  return createClient<paths>({
    baseUrl: url,
    fetch: async (request) => {
      const { response, asked } = await fetch(request);
      return checkedAnswer(response, asked);
    },
  });
}

/** The body of an answer, which is 2xx: see connect. */
export async function bodyOf<T>(answer: Promise<{ readonly data?: T }>): Promise<T> {
  const { data } = await answer;
  if (data !== undefined) return data;
  throw new ApiRefusal('the API answered without a body: look at --api');
}

/** Everything of a list, page after page. `page` gets the cursor of the page before. */
export async function allOf<T>(
  page: (next: string | undefined) => Promise<{
    readonly data?: { readonly items: readonly T[]; readonly next: string | null };
  }>,
): Promise<readonly T[]> {
  const items: T[] = [];
  let next: string | undefined;
  do {
    const body = await bodyOf(page(next));
    if (!Array.isArray(body.items)) {
      throw new ApiRefusal('the API answers with something else than a list: look at --api');
    }
    items.push(...body.items);
    next = body.next ?? undefined;
  } while (next !== undefined);
  return items;
}
