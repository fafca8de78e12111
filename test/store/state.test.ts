import { crc32 } from 'node:zlib';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keys } from '../../lib/store/keys.ts';
import { openStates, removeState, saveState, statesOf } from '../../lib/store/state.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';
import { writeUnits } from '../support/write-units.ts';
import { incident, NOW, state } from './values.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

test('what is saved is read back, to the last field', async () => {
  const saved = state('whole', 1, { incident: incident(NOW) });
  expect(await saveState(stack.table, saved)).toBe(true);
  expect(await statesOf(stack.table, ['whole', 'nobody'])).toEqual(new Map([['whole', saved]]));
});

test('a version is saved over the one before it and over no other', async () => {
  expect(await saveState(stack.table, state('steps', 2))).toBe(false);
  expect(await saveState(stack.table, state('steps', 1))).toBe(true);
  expect(await saveState(stack.table, state('steps', 1))).toBe(false);
  expect(await saveState(stack.table, state('steps', 3))).toBe(false);
  expect(await saveState(stack.table, state('steps', 2))).toBe(true);
  expect((await statesOf(stack.table, ['steps'])).get('steps')?.version).toBe(2);
});

test.each([1, 2])('of two that save version %i at once, one does', async (version) => {
  const id = `race-${version}`;
  for (let before = 1; before < version; before++) await saveState(stack.table, state(id, before));
  const won = await Promise.all([7, 8].map((tag) => saveState(stack.table, state(id, version, { tag }))));
  expect(won.filter(Boolean)).toHaveLength(1);
  expect((await statesOf(stack.table, [id])).get(id)?.tag).toBe(won[0] ? 7 : 8);
});

test('open incidents are listed oldest first while they are open, whatever their shard', async () => {
  const ids = Array.from({ length: 40 }, (_, n) => `open-${n}`);
  expect(new Set(ids.map((id) => crc32(id) % 8)).size).toBe(8);
  const open = async () => (await openStates(stack.table)).map((one) => one.endpointId);
  const before = await open();
  for (const [n, id] of ids.entries()) {
    await saveState(stack.table, state(id, 1, { incident: incident(NOW - 1000 - n) }));
  }
  expect((await open()).slice(0, 40)).toEqual([...ids].reverse());
  for (const id of ids) await saveState(stack.table, state(id, 2, { incident: null }));
  expect(await open()).toEqual(before);
});

test('an ended incident leaves no index key behind', async () => {
  await saveState(stack.table, state('ended', 1, { incident: incident(NOW) }));
  await saveState(stack.table, state('ended', 2));
  const { Item } = await stack.table.documents.send(
    new GetCommand({ TableName: stack.table.name, Key: keys.state('ended') }),
  );
  expect(Item).not.toHaveProperty('gsi1pk');
});

test('removing twice is removing', async () => {
  await saveState(stack.table, state('removed', 1));
  await removeState(stack.table, 'removed');
  await removeState(stack.table, 'removed');
  expect(await statesOf(stack.table, ['removed'])).toEqual(new Map());
});

test('only an open incident costs index units', async () => {
  const small = { outbox: [], uncopied: [], regions: {} };
  const save = (version: number, changes: Parameters<typeof state>[2]) =>
    writeUnits(stack.table, () => saveState(stack.table, state('cost', version, { ...small, ...changes })));
  expect(await save(1, { incident: null })).toEqual({ table: 1, index: 0 });
  expect(await save(2, { incident: incident(NOW) })).toEqual({ table: 1, index: 1 });
  expect(await save(3, { incident: null })).toEqual({ table: 1, index: 1 });
});

test('an alert that was saved before it had a server name is still told', async () => {
  const saved = state('older', 1);
  await saveState(stack.table, saved);
  await stack.table.documents.send(
    new UpdateCommand({
      TableName: stack.table.name,
      Key: keys.state('older'),
      UpdateExpression: 'REMOVE outbox[0].transition.endpoint.serverName',
    }),
  );
  const read = (await statesOf(stack.table, ['older'])).get('older');
  const [told] = saved.outbox;
  expect(read?.outbox[0]?.transition).toEqual({
    ...told?.transition,
    endpoint: { ...told?.transition.endpoint, serverName: null },
  });
});
