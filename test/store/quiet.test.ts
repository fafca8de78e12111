import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Maintenance } from '../../lib/endpoint/maintenance.ts';
import { keys } from '../../lib/store/keys.ts';
import { allMutes, putMute, removeMute } from '../../lib/store/mute.ts';
import {
  getMaintenance,
  putMaintenance,
  putTagMute,
  quietPlans,
  removeMaintenance,
  removeTagMute,
} from '../../lib/store/quiet.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());
beforeEach(async () => {
  const { tagMutes, maintenances } = await quietPlans(stack.table);
  for (const { tag } of tagMutes) await removeTagMute(stack.table, tag);
  for (const { id } of maintenances) await removeMaintenance(stack.table, id);
});

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
const tagMute = (tag: string, days: number) => ({ tag, until: inDays(days), note: null, at: inDays(0) });
const nightly: Maintenance = {
  id: 'nightly',
  note: 'backups',
  by: 'ada',
  endpoints: { ids: ['shop'], tags: ['web'] },
  schedule: { cron: '0 2 * * *', timeZone: 'Europe/Berlin', durationMinutes: 60 },
  at: inDays(0),
};
const once = (id: string, fromDays: number, untilDays: number): Maintenance => ({
  ...nightly,
  id,
  endpoints: 'all',
  schedule: { from: inDays(fromDays), until: inDays(untilDays) },
});

test('mutes of tags hold until they end, are replaced or removed', async () => {
  await putTagMute(stack.table, tagMute('web', 3));
  const shorter = { ...tagMute('web', 1), note: 'deploy' };
  await putTagMute(stack.table, shorter);
  await putTagMute(stack.table, tagMute('a/b c#TAG#', 1));
  await putTagMute(stack.table, tagMute('over', -1));
  const { tagMutes } = await quietPlans(stack.table);
  expect(tagMutes.map(({ tag }) => tag).sort()).toEqual(['a/b c#TAG#', 'web']);
  expect(tagMutes).toContainEqual(shorter);
  await removeTagMute(stack.table, 'web');
  await removeTagMute(stack.table, 'web');
  expect((await quietPlans(stack.table)).tagMutes).toHaveLength(1);
});

test('a maintenance is kept as it was said, as long as the rounds that were made in it', async () => {
  const [over, forgotten] = [once('over', -14, -13), once('forgotten', -16, -14.1)];
  for (const one of [nightly, over, forgotten]) await putMaintenance(stack.table, one);
  expect(await getMaintenance(stack.table, 'nightly')).toEqual(nightly);
  expect((await quietPlans(stack.table)).maintenances).toEqual([nightly, over]);
  expect(await getMaintenance(stack.table, 'forgotten')).toBeNull();
  const ended: Maintenance = {
    ...nightly,
    schedule: { ...nightly.schedule, until: inDays(-15) },
  };
  await putMaintenance(stack.table, ended);
  expect(await getMaintenance(stack.table, 'nightly')).toBeNull();
  await removeMaintenance(stack.table, 'nightly');
  await removeMaintenance(stack.table, 'nightly');
});

test('an item that cannot be read stands in nobody else’s way', async () => {
  await putMaintenance(stack.table, nightly);
  const schedule = { ...nightly.schedule, timeZone: 'Mars/Olympus' };
  const Item = { ...nightly, schedule, id: 'odd', ...keys.maintenance('odd') };
  await stack.table.documents.send(new PutCommand({ TableName: stack.table.name, Item }));
  const { maintenances, unreadable } = await quietPlans(stack.table);
  expect(maintenances).toEqual([nightly]);
  expect(unreadable.map(({ message }) => message)).toEqual([
    expect.stringMatching(/MAINTENANCE#odd cannot be read: field schedule/),
  ]);
  await removeMaintenance(stack.table, 'odd');
});

test('all mutes of endpoints that hold are found', async () => {
  const mute = { until: inDays(1), note: null, at: inDays(0) };
  await putMute(stack.table, 'one', mute);
  await putMute(stack.table, 'two', mute);
  await putMute(stack.table, 'over', { ...mute, until: inDays(-1) });
  await removeMute(stack.table, 'two');
  expect(await allMutes(stack.table)).toEqual(new Map([['one', mute]]));
});
