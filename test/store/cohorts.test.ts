import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cohortName } from '../../lib/endpoint/cohort.ts';
import { claimPlace, raiseSaves, writeAttention, writeWake } from '../../lib/store/cohort.ts';
import { allCohorts } from '../../lib/store/cohorts.ts';
import { COHORTS_A_PARTITION, FIRST_COHORTS, keys } from '../../lib/store/keys.ts';
import { getRoom, newestCohorts, noteFreed, noteFull, noteNewest } from '../../lib/store/room.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

/** So many cohorts of an interval, as claims make them. */
async function make(intervalSeconds: number, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, number) => cohortName(intervalSeconds, number));
  const { documents, name } = stack.table;
  for (const cohort of names) {
    await documents.send(
      new UpdateCommand({
        TableName: name,
        Key: keys.cohort(cohort),
        UpdateExpression: 'SET #plan = :one, places = :one',
        ExpressionAttributeNames: { '#plan': 'plan' },
        ExpressionAttributeValues: { ':one': 1 },
      }),
    );
  }
  return names;
}

test('a summary says what dispatch needs, and nothing of the members', async () => {
  await claimPlace(stack.table, '600-0', 7, 5000);
  await writeAttention(stack.table, '600-0', new Map([['eu-west-1', new Set([7])]]));
  await writeWake(stack.table, '600-0', 9000);
  expect(await allCohorts(stack.table)).toEqual([
    { cohort: '600-0', plan: 1, places: 1, attention: new Map([['eu-west-1', new Set([7])]]), wakeAt: 9000 },
  ]);
});

test('all cohorts are found, however many partitions they fill', async () => {
  const expected = [
    '600-0',
    ...(await make(10, FIRST_COHORTS - 1)),
    ...(await make(20, FIRST_COHORTS)),
    ...(await make(30, FIRST_COHORTS + 1)),
    ...(await make(60, FIRST_COHORTS + COHORTS_A_PARTITION)),
    ...(await make(120, FIRST_COHORTS + 3 * COHORTS_A_PARTITION + 1)),
  ];
  const found = (await allCohorts(stack.table)).map(({ cohort }) => cohort);
  expect(found.toSorted()).toEqual(expected.toSorted());
});

test('a count of saves is raised where there is a cohort', async () => {
  expect(await raiseSaves(stack.table, '600-0')).toBe(1);
  expect(await raiseSaves(stack.table, '600-0')).toBe(2);
  expect(await raiseSaves(stack.table, '600-9')).toBeNull();
});

test('room is noted by interval; an older cohort is never the newest', async () => {
  expect(await getRoom(stack.table, 60)).toEqual({ newest: -1, freed: new Set() });
  await noteNewest(stack.table, 60, 3);
  await noteNewest(stack.table, 60, 2);
  await Promise.all([noteFreed(stack.table, 60, 1), noteFreed(stack.table, 60, 0)]);
  await noteFull(stack.table, 60, 0);
  await noteFull(stack.table, 60, 9);
  await noteFreed(stack.table, 300, 4);
  expect(await getRoom(stack.table, 60)).toMatchObject({ newest: 3, freed: new Set([1]) });
  expect(await newestCohorts(stack.table)).toEqual(
    new Map([
      [60, 3],
      [300, -1],
    ]),
  );
  await noteFull(stack.table, 60, 1);
  expect((await getRoom(stack.table, 60)).freed).toEqual(new Set());
});
