import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { keys, UNTOLD_PREFIX } from './keys.ts';
import { parseItem, queryAll } from './read.ts';
import { held, type Table } from './table.ts';

/** A format that could not be told: the first failure of a run, and its newest. Epoch ms. */
export interface Untold {
  readonly format: string;
  readonly since: number;
  readonly at: number;
}

const untoldSchema = z.object({ sk: z.string(), since: z.number(), at: z.number() });

/** Notes a failure; it begins a run unless there is one. */
export async function noteUntold(table: Table, format: string, at: number): Promise<void> {
  await table.documents.send(
    new UpdateCommand({
      TableName: table.name,
      Key: keys.untold(format),
      UpdateExpression: 'SET #at = :at, #since = if_not_exists(#since, :at)',
      ExpressionAttributeNames: { '#at': 'at', '#since': 'since' },
      ExpressionAttributeValues: { ':at': at },
    }),
  );
}

/** Every run, ended or not. */
export async function allUntold(table: Table): Promise<readonly Untold[]> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': keys.untold('').pk, ':prefix': UNTOLD_PREFIX },
    ConsistentRead: true,
  });
  return items.map((item) => {
    const { sk, since, at } = parseItem(untoldSchema, item);
    return { format: sk.slice(UNTOLD_PREFIX.length), since, at };
  });
}

/** Ends a run, unless it has failed again meanwhile. */
export async function forgetUntold(table: Table, { format, at }: Untold): Promise<void> {
  await held(
    table.documents.send(
      new DeleteCommand({
        TableName: table.name,
        Key: keys.untold(format),
        ConditionExpression: '#at = :at',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':at': at },
      }),
    ),
  );
}
