import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WatchIncident } from '../../lib/incident/watch-state.ts';
import { incidentsBefore, positionAt } from '../../lib/store/history.ts';
import { putIncident } from '../../lib/store/incident.ts';
import { putWatchIncident } from '../../lib/store/watch.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';
import { writeUnits } from '../support/write-units.ts';
import { incident } from './values.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

const MINUTE_MS = 60_000;

/** All pages of a range: what opened when, of what. */
async function history(fromMs: number, toMs: number, limit: number): Promise<string[]> {
  const seen: string[] = [];
  let before: string | null = positionAt(toMs);
  while (before !== null) {
    const chapter = await incidentsBefore(stack.table, { fromMs, before, limit });
    expect(chapter.items.length).toBeLessThanOrEqual(limit);
    seen.push(
      ...chapter.items.map(
        ({ endpointId, incident }) =>
          `${positionAt(incident.openedAt)} ${endpointId ?? ('subject' in incident ? incident.subject : '')}`,
      ),
    );
    before = chapter.next;
  }
  return seen;
}

const silence = (openedAt: number): WatchIncident => ({
  id: `region.eu-west-1-${openedAt}`,
  subject: 'region.eu-west-1',
  finding: { kind: 'region_silent', region: 'eu-west-1', since: openedAt - 200_000 },
  severity: 'P3',
  since: openedAt - 200_000,
  openedAt,
  sequence: 1,
  toldAt: openedAt,
  acknowledged: null,
  acknowledgedAt: null,
  endedAt: null,
  end: null,
});

test.each([1, 3, 7, 500])(
  'pages of %s over three months and all shards leave nothing out and bring nothing twice',
  async (limit) => {
    const newYear = Date.UTC(2027, 0, 1);
    const expected: string[] = [];
    for (let n = 0; n < 30; n += 1) {
      // On the first instant of a month, a millisecond before it, many at one instant, and across a month without any.
      const openedAt =
        [newYear, newYear - 1, newYear - 31 * 1440 * MINUTE_MS - n, newYear + n, newYear + 9][n % 5] ?? 0;
      await putIncident(stack.table, `shop-${n}`, incident(openedAt));
      expected.push(`${positionAt(openedAt)} shop-${n}`);
    }
    await putWatchIncident(stack.table, silence(newYear + 5));
    expected.push(`${positionAt(newYear + 5)} region.eu-west-1`);
    const from = newYear - 80 * 1440 * MINUTE_MS;
    expect(await history(from, newYear + MINUTE_MS, limit)).toEqual(expected.toSorted().reverse());
    const inside = expected.filter((line) => line >= positionAt(newYear) && line < positionAt(newYear + 9));
    expect(await history(newYear, newYear + 9, limit)).toEqual(inside.toSorted().reverse());
  },
);

test('a range without incidents is empty, however long', async () => {
  expect(await history(Date.UTC(2020, 0, 1), Date.UTC(2021, 0, 1), 10)).toEqual([]);
});

test('what was opened is replaced by what has ended, and each copy is one write to table and index', async () => {
  const at = Date.UTC(2027, 5, 5);
  const units = await writeUnits(stack.table, async () => {
    await putIncident(stack.table, 'once', incident(at));
    await putIncident(stack.table, 'once', incident(at, { endedAt: at + 9, end: 'recovered' }));
  });
  expect(units).toEqual({ table: 2, index: 2 });
  const { items } = await incidentsBefore(stack.table, { fromMs: at, before: positionAt(at + 1), limit: 5 });
  expect(items).toEqual([
    { endpointId: 'once', incident: incident(at, { endedAt: at + 9, end: 'recovered' }) },
  ]);
});
