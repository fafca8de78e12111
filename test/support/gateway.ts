import type { ApiEvent } from '../../lib/api/problem.ts';

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, in the place of a JSON body. */
  readonly raw?: string;
  readonly isBase64Encoded?: boolean;
}

/** As API Gateway sends it (payload format 2.0), without what nobody reads. */
export function eventOf(method: string, path: string, body: unknown, options: CallOptions): ApiEvent {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  const text = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const type: Record<string, string> = text === undefined ? {} : { 'content-type': 'application/json' };
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: { ...type, ...options.headers },
    requestContext: { http: { method, path: rawPath }, requestId: 'gateway-1' },
    isBase64Encoded: options.isBase64Encoded ?? false,
    ...(text === undefined ? {} : { body: text }),
  } as ApiEvent;
}
