import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createEndpoint,
  endpointsById,
  endpointsOf,
  getEndpoint,
  removeEndpoint,
  replaceEndpoint,
} from '../../lib/store/endpoint.ts';
import { keys } from '../../lib/store/keys.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';
import { writeUnits } from '../support/write-units.ts';
import { endpoint } from './values.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

test('what is created is read back, optional fields and all', async () => {
  const full = endpoint('full', {
    team: 'web',
    runbookUrl: 'https://r',
    deletedAt: '2026-11-20T03:12:05.000Z',
  });
  const bare = endpoint('bare', { serverName: undefined, regions: ['eu-west-1'] });
  expect(await createEndpoint(stack.table, full)).toBe(true);
  expect(await createEndpoint(stack.table, bare)).toBe(true);
  expect(await getEndpoint(stack.table, 'full')).toEqual(full);
  expect(await getEndpoint(stack.table, 'bare')).toEqual(bare);
  expect(await getEndpoint(stack.table, 'nobody')).toBeNull();
});

test('of two that create the same id at once, one does', async () => {
  const two = [endpoint('race', { host: 'a' }), endpoint('race', { host: 'b' })];
  const won = await Promise.all(two.map((one) => createEndpoint(stack.table, one)));
  expect(won.filter(Boolean)).toHaveLength(1);
  expect((await getEndpoint(stack.table, 'race'))?.host).toBe(won[0] ? 'a' : 'b');
});

test('of two that replace the same revision at once, one does; an old revision never does', async () => {
  await createEndpoint(stack.table, endpoint('edited'));
  const next = ['a', 'b'].map((host) => endpoint('edited', { host, revision: 2 }));
  const won = await Promise.all(next.map((one) => replaceEndpoint(stack.table, one, 1)));
  expect(won.filter(Boolean)).toHaveLength(1);
  expect(await replaceEndpoint(stack.table, endpoint('edited', { revision: 2 }), 1)).toBe(false);
  expect(await replaceEndpoint(stack.table, endpoint('edited', { revision: 10 }), 9)).toBe(false);
  expect(await replaceEndpoint(stack.table, endpoint('nobody', { revision: 2 }), 1)).toBe(false);
});

test('a cohort lists its endpoints, and none that has moved or gone', async () => {
  const cohort = '300-4';
  for (const id of ['c', 'a', 'moved', 'gone']) await createEndpoint(stack.table, endpoint(id, { cohort }));
  await replaceEndpoint(stack.table, endpoint('moved', { cohort: '60-0', revision: 2 }), 1);
  await removeEndpoint(stack.table, 'gone');
  await removeEndpoint(stack.table, 'gone');
  expect((await endpointsOf(stack.table, cohort)).map(({ id }) => id)).toEqual(['a', 'c']);
  expect(await endpointsOf(stack.table, '300-40')).toEqual([]);
});

test('an index that lags behind is not believed', async () => {
  const cohort = '300-5';
  await createEndpoint(stack.table, endpoint('lagging', { cohort }));
  await stack.table.documents.send(
    new UpdateCommand({
      TableName: stack.table.name,
      Key: keys.endpoint('lagging'),
      UpdateExpression: 'SET #cohort = :other',
      ExpressionAttributeNames: { '#cohort': 'cohort' },
      ExpressionAttributeValues: { ':other': '60-9' },
    }),
  );
  expect(await endpointsOf(stack.table, cohort)).toEqual([]);
});

test('more than one batch of ids, with some twice and some unknown', async () => {
  const ids = Array.from({ length: 130 }, (_, n) => `many-${n}`);
  await Promise.all(ids.map((id) => createEndpoint(stack.table, endpoint(id))));
  const found = await endpointsById(stack.table, [...ids, 'many-1', 'unknown']);
  expect([...found.keys()].sort()).toEqual([...ids].sort());
});

test('an item of another shape is named, with its field', async () => {
  await createEndpoint(stack.table, endpoint('odd', { intervalSeconds: 61 as 60 }));
  await expect(getEndpoint(stack.table, 'odd')).rejects.toThrow(
    /ENDPOINT#odd \/ ENDPOINT cannot be read: field intervalSeconds/,
  );
});

test('creating costs one unit, and one of the index', async () => {
  expect(await writeUnits(stack.table, () => createEndpoint(stack.table, endpoint('cost')))).toEqual({
    table: 1,
    index: 1,
  });
});
