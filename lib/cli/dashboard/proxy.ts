import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { BodyTooLarge, readBody } from '../../local/http/body.ts';
import type { HttpAnswer } from '../../local/http/event.ts';
import { problem } from '../../local/http/problem.ts';
import { checkedAnswer } from '../api-answer.ts';
import type { ApiFetch } from '../api-fetch.ts';
import { ApiRefusal } from '../api-refusal.ts';

/** The API takes 64 KB, see docs/api.md. */
const BODY_BYTES = 65_536;
/** What of a browser's request concerns the API, and what of its answer the browser. */
const ASKED = ['accept', 'content-type', 'if-match', 'if-none-match'];
const ANSWERED = ['content-type', 'etag', 'location', 'retry-after'];

/** Asks the API what the browser asked, with a signature where one is wanted. Refusals are told in the words of the command line. */
export async function proxied(
  request: IncomingMessage,
  pathAndQuery: string,
  { url, fetch }: ApiFetch,
): Promise<HttpAnswer> {
  try {
    const { method = 'GET' } = request;
    const body = await readBody(request, BODY_BYTES);
    const headers = pick(ASKED, (name) => request.headers[name]);
    const sent = new Request(`${url}${pathAndQuery}`, {
      method,
      headers,
      ...(body.length > 0 ? { body } : {}),
    });
    const { response, asked } = await fetch(sent);
    const answer = await checkedAnswer(response, asked);
    const shown = pick(ANSWERED, (name) => answer.headers.get(name));
    return {
      statusCode: answer.status,
      headers: { ...shown, 'cache-control': 'no-store' },
      body: Buffer.from(await answer.arrayBuffer()),
    };
  } catch (error) {
    if (error instanceof BodyTooLarge) return problem(413, 'Content Too Large', error.message);
    if (!(error instanceof ApiRefusal)) throw error;
    const status = error.status !== null && error.status >= 400 ? error.status : 502;
    return problem(status, STATUS_CODES[status] ?? 'Refused', error.message);
  }
}

function pick(
  names: readonly string[],
  read: (name: string) => string | string[] | null | undefined,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = read(name);
    if (typeof value === 'string') found[name] = value;
  }
  return found;
}
