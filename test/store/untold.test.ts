import { afterAll, beforeAll, expect, test } from 'vitest';
import { allUntold, forgetUntold, noteUntold } from '../../lib/store/untold.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

test('a run is its first failure and its newest, and ends unless it has failed again', async () => {
  const { table } = stack;
  expect(await allUntold(table)).toEqual([]);
  for (const at of [1000, 2000]) await noteUntold(table, 'sms', at);
  await noteUntold(table, 'email', 1500);
  const runs = await allUntold(table);
  expect(runs).toEqual([
    { format: 'email', since: 1500, at: 1500 },
    { format: 'sms', since: 1000, at: 2000 },
  ]);
  await noteUntold(table, 'sms', 3000);
  for (const run of runs) await forgetUntold(table, run);
  expect(await allUntold(table)).toEqual([{ format: 'sms', since: 1000, at: 3000 }]);
});
