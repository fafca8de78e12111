import { UsageError } from '../local/usage-error.ts';

/** The API answered with an error: its own words. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
}

/** What `--api` says, without a slash at its end. @throws UsageError */
export function apiOf(written: string): string {
  if (!URL.canParse(written) || !/^https?:$/.test(new URL(written).protocol)) {
    throw new UsageError(`--api ${written}: write an http or https URL`);
  }
  return written.replace(/\/+$/, '');
}

/** What the API answers to a GET. @throws ApiRefusal, or when it cannot be reached. */
export function get(url: string): Promise<unknown> {
  return ask(url, {});
}

/** What the API answers to a PUT of this as JSON. @throws ApiRefusal, or when it cannot be reached. */
export function put(url: string, body: unknown): Promise<unknown> {
  return ask(url, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function ask(url: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(15_000) });
  } catch (cause) {
    throw new ApiRefusal(`${new URL(url).origin} cannot be reached: is parallax local running there?`, {
      cause,
    });
  }
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  if (response.status === 403) {
    throw new ApiRefusal(`${new URL(url).origin} asks for a signature (403): use awscurl, or the AWS SDK`);
  }
  throw new ApiRefusal(`${response.status} from ${url}: ${detailOf(text)}`);
}

function detailOf(text: string): string {
  try {
    const problem: unknown = JSON.parse(text);
    if (problem && typeof problem === 'object' && 'detail' in problem) return String(problem.detail);
  } catch {
    // Not JSON, so not our API: its first words are all there is to show.
  }
  return text.slice(0, 200);
}
