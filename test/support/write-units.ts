import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../lib/store/table.ts';

export interface WriteUnits {
  /** As the emulator reports them. */
  readonly table: number;
  /** Worked out from the items, because the emulator reports none: the index holds whole items. */
  readonly index: number;
}

/**
 * The write units that a piece of work costs. The index has a write when an item that is, or was, in it is put: two when its
 * index key changes (one out, one in), of as many units as the table's.
 */
export async function writeUnits(table: Table, work: () => Promise<unknown>): Promise<WriteUnits> {
  const units = { table: 0, index: 0 };
  const name = 'countWriteUnits';
  table.documents.middlewareStack.add(
    (next, context) => async (args) => {
      const input: Record<string, unknown> = { ...args.input };
      const writes = /Put|Update|Delete/.test(context.commandName ?? '');
      const before = writes ? await read(table, input.Item ?? input.Key) : undefined;
      const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
      if (!writes) return answer;
      const { ConsumedCapacity: consumed } = answer.output as {
        ConsumedCapacity?: { CapacityUnits?: number };
      };
      const cost = consumed?.CapacityUnits ?? 0;
      const after = await read(table, input.Item ?? input.Key);
      units.table += cost;
      units.index += cost * indexWrites(indexKey(before), indexKey(after));
      return answer;
    },
    { step: 'initialize', name },
  );
  try {
    await work();
  } finally {
    table.documents.middlewareStack.remove(name);
  }
  return units;
}

function indexWrites(before: string | null, after: string | null): number {
  if (before === after) return after === null ? 0 : 1;
  return (before === null ? 0 : 1) + (after === null ? 0 : 1);
}

type Item = Readonly<Record<string, unknown>> | undefined;

function indexKey(item: Item): string | null {
  return typeof item?.gsi1pk === 'string' ? `${item.gsi1pk} ${String(item.gsi1sk)}` : null;
}

async function read(table: Table, of: unknown): Promise<Item> {
  const { pk, sk } = of as { readonly pk: string; readonly sk: string };
  const { Item } = await table.documents.send(
    new GetCommand({ TableName: table.name, Key: { pk, sk }, ConsistentRead: true }),
  );
  return Item;
}
