import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimPlace } from '../../lib/store/cohort.ts';
import { createEndpoint, endpointsById, getEndpoint } from '../../lib/store/endpoint.ts';
import { openTable } from '../../lib/store/table.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';
import { endpoint } from './values.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

/** Makes the table answer only the first `take` keys of every batch, as a throttled one does. */
async function throttled<T>(take: number, work: () => Promise<T>): Promise<T> {
  const { middlewareStack } = stack.table.documents;
  middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== 'BatchGetItemCommand' && context.commandName !== 'BatchGetCommand')
        return next(args);
      const input = args.input as { RequestItems: Record<string, { Keys: object[] }> };
      const wanted = input.RequestItems[stack.table.name];
      const { Keys: all = [] } = wanted ?? {};
      const rest = { [stack.table.name]: { ...wanted, Keys: all.slice(take) } };
      const some = {
        ...args.input,
        RequestItems: { [stack.table.name]: { ...wanted, Keys: all.slice(0, take) } },
      };
      const { output, response } =
        take === 0 ? { output: { $metadata: {} }, response: {} } : await next({ ...args, input: some });
      return { response, output: { ...output, UnprocessedKeys: all.length > take ? rest : undefined } };
    },
    { step: 'initialize', name: 'throttle', priority: 'high' },
  );
  try {
    return await work();
  } finally {
    middlewareStack.remove('throttle');
  }
}

test('keys that a batch leaves out are asked for again', async () => {
  const ids = Array.from({ length: 25 }, (_, n) => `left-${n}`);
  await Promise.all(ids.map((id) => createEndpoint(stack.table, endpoint(id))));
  const found = await throttled(10, () => endpointsById(stack.table, ids));
  expect(found.size).toBe(25);
});

test('a table that gives nothing at all is an error, not an empty answer', async () => {
  await expect(throttled(0, () => endpointsById(stack.table, ['left-1']))).rejects.toThrow(
    /leaves 1 keys .* throttled/,
  );
});

test('a table that is not there is an error, also for a conditional write', async () => {
  const elsewhere = openTable({ name: 'elsewhere', region: 'eu-west-1', roundDays: 14 });
  await expect(claimPlace(elsewhere, '60-0', 1, 1)).rejects.toThrow();
  elsewhere.documents.destroy();
});

test('a home that takes connections and says nothing is given up on', async () => {
  const held: Socket[] = [];
  const silent = createServer((socket) => held.push(socket.resume())).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const working = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${port}`;
  const table = openTable({ name: 'test-table', region: 'eu-west-1', roundDays: 14 });
  try {
    await expect(getEndpoint(table, 'shop')).rejects.toThrow(/3000 ms/);
    expect(held).toHaveLength(3);
  } finally {
    process.env.AWS_ENDPOINT_URL_DYNAMODB = working;
    table.documents.destroy();
    for (const socket of held) socket.destroy();
    silent.close();
  }
});
