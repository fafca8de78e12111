import createClient from 'openapi-fetch';
import type { paths } from '../../lib/deployment/api-types.ts';

/** What the API or the way to it says, in one line for people. `status` null: it was not reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number | null;
  constructor(message: string, status: number | null, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** A page of 200 endpoints is read from many partitions; a cold start comes on top. */
const TIMEOUT_MS = 30_000;

export const api = createClient<paths>({
  baseUrl: new URL('api', document.baseURI).href,
  fetch: async (request) => {
    try {
      return await fetch(request, {
        signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
    } catch (cause) {
      if (request.signal.aborted) throw cause;
      throw new ApiError('the API cannot be reached', null, cause);
    }
  },
});

interface Answered<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of an answer. @throws ApiError with the API's own words. */
export async function body<T>(asked: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok && data !== undefined) return data;
  throw new ApiError(wordsOf(error) ?? `the API answered ${response.status}`, response.status);
}

/** The same where nothing is answered. */
export async function done(asked: Promise<Answered<unknown>>): Promise<void> {
  const { error, response } = await asked;
  if (!response.ok)
    throw new ApiError(wordsOf(error) ?? `the API answered ${response.status}`, response.status);
}

function wordsOf(problem: unknown): string | null {
  if (problem === null || typeof problem !== 'object' || !('detail' in problem)) return null;
  return String(problem.detail);
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** All pages of a list, at most `mostPages` of them. */
export async function all<T>(
  page: (next: string | undefined) => Promise<Answered<Page<T>>>,
  mostPages = 1000,
): Promise<readonly T[]> {
  const items: T[] = [];
  let next: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const answer = await body(page(next));
    items.push(...answer.items);
    if (answer.next === null) break;
    next = answer.next;
  }
  return items;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
