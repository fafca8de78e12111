import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Incident } from '../incident/state.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { historyIndex, INCIDENT_PREFIX, keys } from './keys.ts';
import { isLive, parseItem } from './read.ts';
import { incidentSchema } from './state-schema.ts';
import type { Table } from './table.ts';

/** Writes the history copy of an incident over an older copy of it: as often as one likes. */
export async function putIncident(table: Table, endpointId: string, incident: Incident): Promise<void> {
  await table.documents.send(
    new PutCommand({
      TableName: table.name,
      Item: {
        ...incident,
        ...keys.incident(endpointId, incident.openedAt),
        ...historyIndex(incident.openedAt, endpointId),
      },
    }),
  );
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The cursor of the next page; null: this was the last. */
  readonly next: string | null;
}

/**
 * The history of an endpoint, newest first.
 * @param options.limit at most this many; @param options.before the `next` of the page before.
 * @throws BadCursor when `before` is not a cursor of this endpoint's incidents.
 */
export async function incidentsOf(
  table: Table,
  endpointId: string,
  options: { readonly limit: number; readonly before?: string | undefined },
): Promise<Page<Incident>> {
  const { pk } = keys.incident(endpointId, 0);
  const from =
    options.before === undefined
      ? undefined
      : decodeCursor(options.before, pk, (sk) => sk.startsWith(INCIDENT_PREFIX));
  const page = await table.documents.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': INCIDENT_PREFIX },
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: options.limit,
      ExclusiveStartKey: from,
    }),
  );
  const items = (page.Items ?? []).filter((item) => isLive(item));
  const last = page.LastEvaluatedKey;
  return {
    items: items.map((item) => parseItem(incidentSchema, item)),
    next: last ? encodeCursor(pk, String(last.sk)) : null,
  };
}
