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
  limit: { schema: { type: 'integer', minimum: 1 }, description: 'Items a page, at most.', example: 100 },
  next: { schema: { type: 'string' }, description: 'The "next" of the page before.', example: 'eyJhIjoxfQ' },
  tag: { schema: { type: 'string' }, description: 'Only endpoints with this tag.', example: 'prod' },
  team: { schema: { type: 'string' }, description: 'Only of this team.', example: 'web' },
  endpoint: {
    schema: { type: 'string' },
    description: 'Only of the endpoint with this id.',
    example: 'shop',
  },
  kind: { schema: { type: 'string' }, description: 'Only of this kind.', example: 'partial' },
  region: { schema: { type: 'string' }, description: 'Only this region.', example: 'eu-west-1' },
  from: {
    schema: { type: 'string', format: 'date-time' },
    description:
      'Not before. Default of timings: an hour before "to"; of a summary of incidents: 30 days before it.',
    example: '2026-11-20T00:00:00Z',
  },
  to: {
    schema: { type: 'string', format: 'date-time' },
    description: 'Before; default: now.',
    example: '2026-11-21T00:00:00Z',
  },
} as const;
export type ParameterName = keyof typeof PARAMETERS;

export const JSON_TYPE = ['application/json'];
