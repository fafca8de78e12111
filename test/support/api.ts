import type { Context } from 'aws-lambda';
import { expect } from 'vitest';
import { OPERATIONS } from '../../lib/api/operations.ts';
import type { ApiEvent, ApiResult } from '../../lib/api/problem.ts';
import { SCHEMAS } from '../../lib/api/schemas.ts';
import { ENVIRONMENT_VARIABLE, type Environment } from '../../lib/deployment/environment.ts';
import { startTestStack, type TestStack, type TestStackOptions } from './emulators.ts';
import { type CallOptions, eventOf } from './gateway.ts';

export interface Called {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field.
  readonly body: any;
}

/** The function behind API Gateway, with its table and queues in the emulators. */
export interface TestApi extends TestStack {
  /** Every answer is checked against the schema that the OpenAPI document gives for it. */
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Called>;
  /** The bodies of all messages to the judge since the last call. */
  nudges(): Promise<readonly unknown[]>;
  asked(region: string): Promise<readonly unknown[]>;
}

type Handler = (event: ApiEvent, context: Context) => Promise<ApiResult>;

let copies = 0;

export async function startTestApi(
  changes: Partial<Environment> = {},
  options: TestStackOptions = {},
): Promise<TestApi> {
  const stack = await startTestStack({ formats: [], ...options });
  process.env[ENVIRONMENT_VARIABLE] = JSON.stringify({ ...stack.environment(), ...changes });
  // It reads its environment once: another stack needs another copy of it.
  copies += 1;
  const { handler } = (await import(
    /* @vite-ignore */ new URL(`../../functions/api.ts?${copies}`, import.meta.url).href
  )) as { handler: Handler };
  const bodies = (messages: readonly { readonly Body?: string | undefined }[]) =>
    messages.map(({ Body = 'null' }): unknown => JSON.parse(Body));
  return {
    ...stack,
    nudges: async () => bodies(await stack.judgeMessages()),
    asked: async (region) => bodies(await stack.probeMessages(region)),
    async call(method, path, body, callOptions = {}) {
      const context = { awsRequestId: 'request-1' } as Context;
      const result = await handler(eventOf(method, path, body, callOptions), context);
      const called = {
        status: result.statusCode ?? 0,
        headers: result.headers ?? {},
        body: result.body === undefined ? undefined : JSON.parse(result.body),
      };
      checkShape(method, path, called);
      return called;
    },
  };
}

/** The route of a path. */
export function templateOf(path: string): string {
  return path
    .replace(/^\/(endpoints|maintenance|checks)\/[^/]+/, '/$1/{id}')
    .replace(/^\/incidents\/[^/]+\/acknowledgement/, '/incidents/{dedupKey}/acknowledgement')
    .replace(/^\/mutes\/tags\/[^/]+/, '/mutes/tags/{tag}')
    .replace(/\/$/, '');
}

function checkShape(method: string, path: string, { status, headers, body }: Called): void {
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  if (status >= 400) {
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(SCHEMAS.Problem.parse(body)).toEqual(body);
    expect(body.status).toBe(status);
    return;
  }
  const template = templateOf(path.split('?')[0] ?? '');
  const name = new Map(Object.entries(OPERATIONS)).get(`${method} ${template}`)?.answers[status];
  if (name === undefined) throw new Error(`${method} ${template} does not say that it answers ${status}`);
  if (name === null) expect(body).toBeUndefined();
  else if (name !== 'object') expect(SCHEMAS[name].parse(body)).toEqual(body);
}
