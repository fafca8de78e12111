import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { INTERVALS } from '../endpoint/endpoint.ts';
import { KINDS, SEVERITIES } from '../endpoint/severity.ts';
import { HANDSHAKES } from '../outcome/outcome.ts';
import { cohortIndex, INDEX, keys } from './keys.ts';
import { getItem, getItems, parseItem, queryAll } from './read.ts';
import { held, type Table } from './table.ts';

const endpointSchema: z.ZodMiniType<Endpoint> = z.object({
  id: z.string(),
  host: z.string(),
  port: z.int(),
  handshake: z.enum(HANDSHAKES),
  name: z.string(),
  intervalSeconds: z.literal(INTERVALS),
  alertAfterSeconds: z.number(),
  regions: z.union([z.literal('all'), z.array(z.string())]),
  addressFamily: z.enum(['ipv4', 'ipv6']),
  serverName: z.optional(z.string()),
  certificate: z.enum(['verify', 'ignore']),
  tags: z.array(z.string()),
  enabled: z.boolean(),
  team: z.optional(z.string()),
  runbookUrl: z.optional(z.string()),
  severities: z.optional(z.partialRecord(z.enum(KINDS), z.enum(SEVERITIES))),
  cohort: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  watchedSince: z.string(),
  revision: z.int(),
  deletedAt: z.optional(z.string()),
} satisfies Record<keyof Endpoint, z.ZodMiniType>);

function toItem(endpoint: Endpoint): Record<string, unknown> {
  return { ...endpoint, ...keys.endpoint(endpoint.id), ...cohortIndex(endpoint.cohort, endpoint.id) };
}

/** The endpoint as last written; null when there is none. One that DELETE has marked is still there. */
export async function getEndpoint(table: Table, id: string): Promise<Endpoint | null> {
  const item = await getItem(table, keys.endpoint(id));
  return item && parseItem(endpointSchema, item);
}

/** Puts a new endpoint. False: one of this id exists. */
export async function createEndpoint(table: Table, endpoint: Endpoint): Promise<boolean> {
  return held(
    table.documents.send(
      new PutCommand({
        TableName: table.name,
        Item: toItem(endpoint),
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  );
}

/** Puts an endpoint (with its new revision) in the place of the one of `expectedRevision`. False: somebody was faster. */
export async function replaceEndpoint(
  table: Table,
  endpoint: Endpoint,
  expectedRevision: number,
): Promise<boolean> {
  return held(
    table.documents.send(
      new PutCommand({
        TableName: table.name,
        Item: toItem(endpoint),
        ConditionExpression: 'revision = :expected',
        ExpressionAttributeValues: { ':expected': expectedRevision },
      }),
    ),
  );
}

/** Removes the endpoint's own item, and nothing else of it. Done already: nothing happens. */
export async function removeEndpoint(table: Table, id: string): Promise<void> {
  await table.documents.send(new DeleteCommand({ TableName: table.name, Key: keys.endpoint(id) }));
}

/** Endpoints by id, consistently; one that is not there is absent. */
export async function endpointsById(
  table: Table,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Endpoint>> {
  const items = await getItems(
    table,
    ids.map((id) => keys.endpoint(id)),
  );
  const endpoints = items.map((item) => parseItem(endpointSchema, item));
  return new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
}

/**
 * The endpoints of a cohort. The index names them and each is then read consistently, so what is returned is true; one
 * that was put a moment ago may be missing.
 */
export async function endpointsOf(table: Table, cohort: string): Promise<readonly Endpoint[]> {
  const named = await queryAll(table, {
    IndexName: INDEX,
    KeyConditionExpression: 'gsi1pk = :cohort',
    ExpressionAttributeValues: { ':cohort': cohortIndex(cohort, '').gsi1pk },
    ProjectionExpression: 'gsi1sk',
  });
  const endpoints = await endpointsById(
    table,
    named.map((item) => String(item.gsi1sk)),
  );
  return inOrder([...endpoints.values()], cohort);
}

/**
 * The endpoints of a cohort as the index has them: seconds old at most, and for a tenth of what endpointsOf reads, because a query adds up
 * its items where each item of a batch costs a unit. For who knows already that none has changed.
 */
export async function endpointsListed(table: Table, cohort: string): Promise<readonly Endpoint[]> {
  const items = await queryAll(table, {
    IndexName: INDEX,
    KeyConditionExpression: 'gsi1pk = :cohort',
    ExpressionAttributeValues: { ':cohort': cohortIndex(cohort, '').gsi1pk },
  });
  return inOrder(
    items.map((item) => parseItem(endpointSchema, item)),
    cohort,
  );
}

function inOrder(endpoints: readonly Endpoint[], cohort: string): readonly Endpoint[] {
  return endpoints.filter((endpoint) => endpoint.cohort === cohort).sort((a, b) => (a.id < b.id ? -1 : 1));
}
