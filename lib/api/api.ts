import type { Environment } from '../deployment/environment.ts';
import type { Route } from '../deployment/routes.ts';
import type { Queues } from '../queue/queues.ts';
import type { Table } from '../store/table.ts';
import type { Topics } from '../topic/topics.ts';
import type { ApiRequest } from './request.ts';

/** What a request is answered with. */
export interface Api {
  readonly environment: Environment;
  readonly table: Table;
  readonly queues: Queues;
  readonly topics: Topics;
  /** Epoch ms. */
  readonly now: () => number;
}

/** What a route answers; `body` undefined: none. */
export interface Answer {
  readonly status: 200 | 201 | 202 | 204;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @throws Problem for whatever the caller can mend; anything else is answered with 500. */
export type RouteHandler = (request: ApiRequest, api: Api) => Promise<Answer> | Answer;

type KeyOf<R extends Route> = R extends Route ? `${R['method']} ${R['path']}` : never;

/** `GET /endpoints`, …: exactly the deployed routes. */
export type RouteKey = KeyOf<Route>;

export const routeKey = ({ method, path }: Route): RouteKey => `${method} ${path}` as RouteKey;

/** RFC 3339 UTC with milliseconds, the form of every time in the API. */
export const text = (epochMs: number): string => new Date(epochMs).toISOString();

export const textOrNull = (epochMs: number | null): string | null =>
  epochMs === null ? null : text(epochMs);
