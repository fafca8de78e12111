import type { HttpAnswer } from './event.ts';

/** An answer as in RFC 9457. */
export function problem(
  status: number,
  title: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: Buffer.from(JSON.stringify({ type: 'about:blank', title, status, detail })),
  };
}
