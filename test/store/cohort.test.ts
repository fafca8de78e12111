import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  claimPlace,
  getCohort,
  raisePlan,
  readAttention,
  releasePlace,
  writeAttention,
  writeWake,
} from '../../lib/store/cohort.ts';
import { allCohorts } from '../../lib/store/cohorts.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';
import { writeUnits } from '../support/write-units.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

const fill = (cohort: string, size: number) =>
  Promise.all(Array.from({ length: size }, (_, tag) => claimPlace(stack.table, cohort, tag, 1000)));

test('the first claim makes the cohort; each raises the plan', async () => {
  expect(await getCohort(stack.table, '60-0')).toBeNull();
  expect(await claimPlace(stack.table, '60-0', 0xdeadbeef, 5000)).toBe(true);
  expect(await claimPlace(stack.table, '60-0', 1, 6000)).toBe(true);
  expect(await getCohort(stack.table, '60-0')).toEqual({
    cohort: '60-0',
    plan: 2,
    members: new Map([
      [0xdeadbeef, 5000],
      [1, 6000],
    ]),
    wakeAt: null,
    causes: new Map(),
    saves: 0,
    attention: new Map(),
  });
});

test('a second claim of a member changes nothing', async () => {
  await claimPlace(stack.table, '60-1', 1, 5000);
  const before = await getCohort(stack.table, '60-1');
  expect(await claimPlace(stack.table, '60-1', 1, 9000)).toBe(true);
  expect(await getCohort(stack.table, '60-1')).toEqual(before);
});

test('of two that claim the last place at once, one gets it', async () => {
  await fill('60-2', 63);
  const won = await Promise.all([100, 101].map((tag) => claimPlace(stack.table, '60-2', tag, 1000)));
  expect(won.filter(Boolean)).toHaveLength(1);
  expect((await getCohort(stack.table, '60-2'))?.members.size).toBe(64);
  expect(await claimPlace(stack.table, '60-2', 102, 1000)).toBe(false);
  expect(await claimPlace(stack.table, '60-2', won[0] ? 100 : 101, 1000)).toBe(true);
});

test('a hundred claims at once fill a new cohort and no more', async () => {
  const won = await fill('60-3', 100);
  expect(won.filter(Boolean)).toHaveLength(64);
  expect(await getCohort(stack.table, '60-3')).toMatchObject({ plan: 64 });
});

test('a released place can be claimed; releasing twice frees one place', async () => {
  await fill('60-4', 64);
  await Promise.all([releasePlace(stack.table, '60-4', 5), releasePlace(stack.table, '60-4', 5)]);
  expect((await getCohort(stack.table, '60-4'))?.plan).toBe(65);
  expect(await claimPlace(stack.table, '60-4', 200, 1000)).toBe(true);
  expect(await claimPlace(stack.table, '60-4', 201, 1000)).toBe(false);
});

test('the plan is raised where there is a cohort', async () => {
  await claimPlace(stack.table, '60-5', 1, 1000);
  await raisePlan(stack.table, '60-5');
  await raisePlan(stack.table, '60-98');
  expect((await getCohort(stack.table, '60-5'))?.plan).toBe(2);
  expect(await getCohort(stack.table, '60-98')).toBeNull();
});

test('attention is read by region, and is nothing but itself', async () => {
  await claimPlace(stack.table, '60-6', 1, 1000);
  const before = await getCohort(stack.table, '60-6');
  const attention = new Map([
    ['eu-west-1', new Set([0xffffffff, 7])],
    ['us-east-1', new Set<number>()],
  ]);
  expect(await writeAttention(stack.table, '60-6', attention)).toBe(true);
  expect(await readAttention(stack.table, ['60-6', '60-99'], 'eu-west-1')).toEqual(
    new Map([['60-6', new Set([7, 0xffffffff])]]),
  );
  expect(await readAttention(stack.table, ['60-6'], 'us-east-1')).toEqual(new Map([['60-6', new Set()]]));
  expect(await getCohort(stack.table, '60-6')).toEqual({
    ...before,
    wakeAt: null,
    causes: new Map(),
    attention: new Map([['eu-west-1', new Set([7, 0xffffffff])]]),
  });
  await writeAttention(stack.table, '60-6', new Map());
  expect(await getCohort(stack.table, '60-6')).toEqual(before);
});

test('claims and attention written at once lose nothing of each other', async () => {
  await claimPlace(stack.table, '60-7', 1, 1000);
  const attention = new Map([['eu-west-1', new Set([1])]]);
  await Promise.all([
    ...Array.from({ length: 20 }, (_, n) => claimPlace(stack.table, '60-7', 10 + n, 1000)),
    writeAttention(stack.table, '60-7', attention),
  ]);
  expect(await getCohort(stack.table, '60-7')).toMatchObject({ plan: 21, attention });
});

test('where there is no cohort there is no attention, and none is made', async () => {
  expect(await readAttention(stack.table, ['60-99'], 'eu-west-1')).toEqual(new Map());
  expect(await writeAttention(stack.table, '60-99', new Map([['eu-west-1', new Set([1])]]))).toBe(false);
  expect(await getCohort(stack.table, '60-99')).toBeNull();
});

test('all cohorts, and nothing else, are listed', async () => {
  const listed = (await allCohorts(stack.table)).map(({ cohort }) => cohort);
  expect(listed).toEqual(['60-0', '60-1', '60-2', '60-3', '60-4', '60-5', '60-6', '60-7']);
});

test('a claim of the last place and a whole attention cost few units and none of the index', async () => {
  await fill('60-8', 63);
  const tags = new Set(Array.from({ length: 64 }, (_, tag) => tag));
  const attention = new Map(['a', 'b', 'c', 'd', 'e', 'f'].map((region) => [region, tags]));
  expect(await writeUnits(stack.table, () => claimPlace(stack.table, '60-8', 999, 1000))).toEqual({
    table: 2,
    index: 0,
  });
  expect(await writeUnits(stack.table, () => writeAttention(stack.table, '60-8', attention))).toEqual({
    table: 3,
    index: 0,
  });
});

test('by when the judge is to look is written and taken back, and touches nothing else', async () => {
  await claimPlace(stack.table, '60-20', 1, 1000);
  const before = await getCohort(stack.table, '60-20');
  await writeWake(stack.table, '60-20', 1_790_000_000_000);
  expect(await getCohort(stack.table, '60-20')).toEqual({ ...before, wakeAt: 1_790_000_000_000 });
  await writeWake(stack.table, '60-20', null);
  expect(await getCohort(stack.table, '60-20')).toEqual(before);
  await writeWake(stack.table, '60-21', 1);
  expect(await getCohort(stack.table, '60-21')).toBeNull();
});
