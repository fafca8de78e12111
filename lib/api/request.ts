import { ID_PATTERN } from '../endpoint/schema.ts';
import { type ApiEvent, badParameter, Problem } from './problem.ts';
import { parseTime } from './time.ts';

/** A request as the routes see it. */
export interface ApiRequest {
  /** The path's `{id}`, decoded and not validated; empty where the path has none. */
  readonly rawId: string;
  /** Its `{tag}`, likewise. */
  readonly rawTag: string;
  /** Its `{dedupKey}`, likewise. */
  readonly rawDedupKey: string;
  /** Query parameters; each at most once. */
  readonly query: ReadonlyMap<string, string>;
  readonly header: (name: string) => string | undefined;
  /** There is no body. */
  readonly isEmpty: boolean;
  /** The body as an object. @throws Problem 400, 413, 415. */
  readonly body: (contentTypes?: readonly string[]) => Readonly<Record<string, unknown>>;
}

export const MAX_BODY_BYTES = 64 * 1024;
export const MAX_CHARACTERS_SHOWN = 64;

/** @throws Problem when the query string names a parameter twice. */
export function requestOf(event: ApiEvent): ApiRequest {
  const header = (name: string): string | undefined =>
    Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
  return {
    rawId: decoded(event.pathParameters?.id ?? ''),
    rawTag: decoded(event.pathParameters?.tag ?? ''),
    rawDedupKey: decoded(event.pathParameters?.dedupKey ?? ''),
    query: queryOf(event.rawQueryString ?? ''),
    header,
    isEmpty: !event.body,
    body: (contentTypes = ['application/json']) => {
      checkContentType(header('content-type'), contentTypes);
      return parseBody(event.body ?? '', event.isBase64Encoded);
    },
  };
}

/** API Gateway decodes path parameters; other routers leave them as they were sent. */
function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

function queryOf(raw: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(raw)) {
    if (query.has(name)) throw badParameter(shown(name), 'is given twice: give it once');
    query.set(name, value);
  }
  return query;
}

function checkContentType(contentType: string | undefined, accepted: readonly string[]): void {
  const essence = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (accepted.includes(essence)) return;
  throw new Problem(415, `content-type must be ${accepted.join(' or ')}`, {
    errors: [{ parameter: 'content-type', message: `content-type must be ${accepted.join(' or ')}` }],
  });
}

function parseBody(body: string, isBase64Encoded: boolean): Readonly<Record<string, unknown>> {
  if (Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8') > MAX_BODY_BYTES) throw tooLarge();
  const text = isBase64Encoded ? utf8(body) : body;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notAnObject('the body is not JSON: send one JSON object', error);
  }
  if (!isObject(value)) throw notAnObject('the body must be a JSON object, such as {"port": 443}');
  return value;
}

const tooLarge = (): Problem => new Problem(413, `the body must have at most ${MAX_BODY_BYTES} bytes`);

function utf8(base64: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) throw notAnObject('the body is not base64');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch (error) {
    throw notAnObject('the body is not UTF-8', error);
  }
}

function notAnObject(message: string, cause?: unknown): Problem {
  return new Problem(400, message, { errors: [{ pointer: '#', message }], cause });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a caller sent, short enough to be sent back. */
export const shown = (text: string): string =>
  (text.length > MAX_CHARACTERS_SHOWN ? `${text.slice(0, MAX_CHARACTERS_SHOWN)}…` : text).toWellFormed();

/** @throws Problem when the query has a parameter that is not in `known`. */
export function onlyParameters(request: ApiRequest, known: readonly string[]): void {
  for (const name of request.query.keys()) {
    if (known.includes(name)) continue;
    const remedy = known.length === 0 ? 'there are none here' : `known are ${known.join(', ')}`;
    throw badParameter(shown(name), `is not a known query parameter: ${remedy}`);
  }
}

/** `?limit=`: how many items a page has at most. */
export function limitOf(
  request: ApiRequest,
  { fallback, max }: { readonly fallback: number; readonly max: number },
): number {
  const given = request.query.get('limit');
  if (given === undefined) return fallback;
  const limit = /^\d{1,6}$/.test(given) ? Number(given) : 0;
  if (limit < 1 || limit > max) throw badParameter('limit', `must be a whole number from 1 to ${max}`);
  return limit;
}

/** A time in the query, epoch ms; null: it is not given. @throws Problem when it is not a time. */
export function timeParameter(request: ApiRequest, name: string): number | null {
  const given = request.query.get(name);
  if (given === undefined) return null;
  const time = parseTime(given);
  if (time === null) throw badParameter(name, 'must be an RFC 3339 time such as 2026-01-31T12:00:00Z');
  return time;
}

/** The id of a path; one that cannot exist is not found. */
export function existingId(request: ApiRequest): string {
  if (!ID_PATTERN.test(request.rawId)) throw noEndpoint(request.rawId);
  return request.rawId;
}

/** The id of a path that may be new. */
export function newId(request: ApiRequest): string {
  if (!ID_PATTERN.test(request.rawId)) {
    throw badParameter(
      'id',
      'must be 1 to 63 lower-case letters, digits and hyphens, none of them at its ends a hyphen',
    );
  }
  return request.rawId;
}

/** @param where - what of the request names it. */
export function noEndpoint(
  id: string,
  where: { readonly parameter: string } | { readonly pointer: string } = { parameter: 'id' },
): Problem {
  const message = `there is no endpoint ${JSON.stringify(shown(id))}: see GET /endpoints`;
  return new Problem(404, message, { errors: [{ ...where, message }] });
}
