import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { EndpointState } from '../incident/state.ts';
import { INDEX, keys, OPEN_SHARDS, openIndex, openShard } from './keys.ts';
import { getItems, parseItem, queryAll } from './read.ts';
import { stateSchema } from './state-schema.ts';
import { held, type Table } from './table.ts';

/** The states that have been saved, by endpoint id. */
export async function statesOf(
  table: Table,
  ids: readonly string[],
): Promise<ReadonlyMap<string, EndpointState>> {
  const items = await getItems(
    table,
    ids.map((id) => keys.state(id)),
  );
  const states = items.map((item) => parseItem(stateSchema, item));
  return new Map(states.map((state) => [state.endpointId, state]));
}

/**
 * Puts a state over the one of the version before it; version 1 only where there is none. False: lost the race, read
 * and judge again.
 */
export function saveState(table: Table, state: EndpointState): Promise<boolean> {
  const { endpointId, incident } = state;
  const index = incident ? openIndex(endpointId) : {};
  return putNext(table, { ...state, ...keys.state(endpointId), ...index });
}

/** Puts an item over the one of the version before it; version 1 only where there is none. False: lost the race. */
export function putNext<T extends { readonly version: number }>(table: Table, item: T): Promise<boolean> {
  const first = item.version === 1;
  return held(
    table.documents.send(
      new PutCommand({
        TableName: table.name,
        Item: item,
        ConditionExpression: first ? 'attribute_not_exists(pk)' : '#version = :before',
        ...(first
          ? {}
          : {
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':before': item.version - 1 },
            }),
      }),
    ),
  );
}

/** Removes the state. Done already: nothing happens. */
export async function removeState(table: Table, id: string): Promise<void> {
  await table.documents.send(new DeleteCommand({ TableName: table.name, Key: keys.state(id) }));
}

/**
 * The states with an open incident, oldest incident first. The index names them and each is then read consistently: none
 * is returned whose incident has ended; one that opened a moment ago may be missing.
 */
export async function openStates(table: Table): Promise<readonly EndpointState[]> {
  const shards = await Promise.all(
    Array.from({ length: OPEN_SHARDS }, (_, shard) =>
      queryAll(table, {
        IndexName: INDEX,
        KeyConditionExpression: 'gsi1pk = :shard',
        ExpressionAttributeValues: { ':shard': openShard(shard) },
        ProjectionExpression: 'gsi1sk',
      }),
    ),
  );
  const states = await statesOf(
    table,
    shards.flat().map((item) => String(item.gsi1sk)),
  );
  return [...states.values()]
    .filter((state) => state.incident !== null)
    .sort((a, b) => (a.incident?.openedAt ?? 0) - (b.incident?.openedAt ?? 0));
}
