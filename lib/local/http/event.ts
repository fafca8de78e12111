import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';

/** Content types whose bodies API Gateway hands over as text; all others are base64. */
const TEXT =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|javascript|xml)\b|application\/x-www-form-urlencoded)/i;

/** Payload format 2.0, see "Create AWS Lambda proxy integrations for HTTP APIs" in the API Gateway developer guide. */
export function httpEvent(
  request: IncomingMessage,
  url: URL,
  routeKey: string,
  parameters: Readonly<Record<string, string>>,
  body: Buffer,
): APIGatewayProxyEventV2 {
  const { cookie, ...others } = request.headers;
  const headers = Object.fromEntries(
    Object.entries(others).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
  const query = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    const before = query.get(name);
    query.set(name, before === undefined ? value : `${before},${value}`);
  }
  const asText = TEXT.test(headers['content-type'] ?? 'text/plain');
  const now = new Date();
  return {
    version: '2.0',
    routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    headers,
    ...(query.size > 0 ? { queryStringParameters: Object.fromEntries(query) } : {}),
    ...(Object.keys(parameters).length > 0 ? { pathParameters: { ...parameters } } : {}),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: url.hostname,
      domainPrefix: 'local',
      http: {
        method: request.method ?? 'GET',
        path: url.pathname,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 ? { body: body.toString(asText ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: body.length > 0 && !asText,
  };
}

const full = z.object({
  statusCode: z.int().check(z.gte(100), z.lte(599)),
  headers: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  cookies: z.optional(z.array(z.string())),
  body: z.optional(z.string()),
  isBase64Encoded: z.optional(z.boolean()),
});

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** What a function's answer means over HTTP; one without `statusCode` is the body itself, as JSON. */
export function httpAnswer(answer: string): HttpAnswer {
  const value: unknown = JSON.parse(answer);
  if (value === null || typeof value !== 'object' || !('statusCode' in value)) {
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(answer) };
  }
  const { statusCode, headers = {}, cookies, body = '', isBase64Encoded = false } = full.parse(value);
  return {
    statusCode,
    headers: {
      ...Object.fromEntries(
        Object.entries(headers).map(([name, item]) => [name.toLowerCase(), String(item)]),
      ),
      ...(cookies ? { 'set-cookie': cookies } : {}),
    },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}
