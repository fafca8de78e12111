import { afterAll, beforeAll, expect, test } from 'vitest';
import { BadCursor, encodeCursor } from '../../lib/store/cursor.ts';
import { incidentsOf, putIncident } from '../../lib/store/incident.ts';
import { saveState } from '../../lib/store/state.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';
import { incident, NOW, state } from './values.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

test('copying twice is copying once, and the end takes the place of the beginning', async () => {
  await putIncident(stack.table, 'shop', incident(NOW));
  await putIncident(stack.table, 'shop', incident(NOW));
  const ended = incident(NOW, { endedAt: NOW + 9, end: 'recovered' });
  await putIncident(stack.table, 'shop', ended);
  expect(await incidentsOf(stack.table, 'shop', { limit: 10 })).toEqual({ items: [ended], next: null });
});

test('history is newest first, page by page, and holds nothing else of the endpoint or of another', async () => {
  const opened = [NOW - 4000, NOW - 1000, NOW - 3000, NOW - 2000, NOW - 5000];
  for (const at of opened) await putIncident(stack.table, 'paged', incident(at));
  await putIncident(stack.table, 'paged-2', incident(NOW));
  await saveState(stack.table, state('paged', 1));
  const seen: number[] = [];
  let before: string | undefined;
  do {
    const page = await incidentsOf(stack.table, 'paged', { limit: 2, before });
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...page.items.map(({ openedAt }) => NOW - openedAt));
    before = page.next ?? undefined;
  } while (before);
  expect(seen).toEqual([1000, 2000, 3000, 4000, 5000]);
});

test.each([
  ['of another endpoint', encodeCursor('ENDPOINT#other', 'INCIDENT#2026-11-20T03:12:05.000Z')],
  ['of another list of the endpoint', encodeCursor('ENDPOINT#paged', 'STATE')],
  [
    'of another version',
    Buffer.from(JSON.stringify([2, 'ENDPOINT#paged', 'INCIDENT#x'])).toString('base64url'),
  ],
  [
    'with more in it',
    Buffer.from(JSON.stringify([1, 'ENDPOINT#paged', 'INCIDENT#x', 1])).toString('base64url'),
  ],
  ['that is empty', ''],
  ['that is no cursor', 'INCIDENT#2026'],
])('a cursor %s is refused', async (_, before) => {
  await expect(incidentsOf(stack.table, 'paged', { limit: 2, before })).rejects.toThrow(BadCursor);
});
