import type { SchemaName } from './schemas.ts';

/** What the OpenAPI document says of a route, beyond what its path says. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly query?: readonly ParameterName[];
  /** The `If-Match` and `If-None-Match` headers are looked at. */
  readonly conditional?: true;
  readonly body?: {
    readonly schema: SchemaName;
    readonly contentTypes: readonly string[];
    readonly optional?: true;
  };
  /** Status to what is answered; null: no body. */
  readonly answers: Readonly<Record<string, SchemaName | 'object' | null>>;
  /** Statuses of problems that this route has beside 400 and 500. */
  readonly problems: readonly (404 | 409 | 412 | 413 | 415 | 429)[];
}

export const PARAMETERS = {
  limit: { schema: { type: 'integer', minimum: 1 }, description: 'Items a page, at most.' },
  next: { schema: { type: 'string' }, description: 'The "next" of the page before.' },
  tag: { schema: { type: 'string' }, description: 'Only endpoints with this tag.' },
  team: { schema: { type: 'string' }, description: 'Only of this team.' },
  endpoint: { schema: { type: 'string' }, description: 'Only of the endpoint with this id.' },
  kind: { schema: { type: 'string' }, description: 'Only of this kind.' },
  region: { schema: { type: 'string' }, description: 'Only this region.' },
  from: {
    schema: { type: 'string', format: 'date-time' },
    description:
      'Not before. Default of timings: an hour before "to"; of a summary of incidents: 30 days before it.',
  },
  to: { schema: { type: 'string', format: 'date-time' }, description: 'Before; default: now.' },
} as const;
export type ParameterName = keyof typeof PARAMETERS;

export const JSON_TYPE = ['application/json'];
