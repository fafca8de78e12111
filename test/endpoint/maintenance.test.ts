import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  concerns,
  nextWindow,
  overAt,
  type RecurringSchedule,
  windowAt,
  windowsFrom,
} from '../../lib/endpoint/maintenance.ts';
import { beginsAt, cronText, type Field } from '../support/slow-cron.ts';

const ms = (text: string): number => Date.parse(text);
const shown = (window: { fromMs: number; untilMs: number } | null) =>
  window && [window.fromMs, window.untilMs].map((at) => new Date(at).toISOString().slice(0, 16)).join(' ');
const weekly = (changes: Partial<RecurringSchedule> = {}) => ({
  schedule: { cron: '30 2 * * *', timeZone: 'Europe/Berlin', durationMinutes: 60, ...changes },
});

describe('once', () => {
  const once = { schedule: { from: '2026-11-20T02:00:00.000Z', until: '2026-11-20T04:00:00.000Z' } };
  test.each([
    ['01:59:59.999', false],
    ['02:00:00.000', true],
    ['03:59:59.999', true],
    ['04:00:00.000', false],
  ])('at %s: %s', (time, within) => {
    expect(windowAt(once, ms(`2026-11-20T${time}Z`)) !== null).toBe(within);
  });

  test('is next until it has begun, and over at its end', () => {
    expect(shown(nextWindow(once, ms('2026-11-20T01:00Z')))).toBe('2026-11-20T02:00 2026-11-20T04:00');
    expect(nextWindow(once, ms('2026-11-20T02:00Z'))).toBeNull();
    expect(windowsFrom(once, ms('2026-11-20T03:00Z'), { count: 3 })).toHaveLength(1);
    expect(overAt(once)).toBe(ms('2026-11-20T04:00Z'));
  });
});

describe('clocks change', () => {
  // Beginnings in UTC around each change: a skipped one is where the clocks go on, one that comes twice is the first.
  test.each<[string, Partial<RecurringSchedule>, string, readonly string[]]>([
    [
      'Berlin forward, 02:30 does not exist',
      {},
      '2026-03-28T12:00Z',
      ['2026-03-29T01:00 2026-03-29T02:00', '2026-03-30T00:30 2026-03-30T01:30'],
    ],
    [
      'Berlin back, 02:30 is twice',
      {},
      '2026-10-24T12:00Z',
      ['2026-10-25T00:30 2026-10-25T01:30', '2026-10-26T01:30 2026-10-26T02:30'],
    ],
    [
      'New York forward: from 22:00 for nine hours, over the change',
      { cron: '0 22 * * SAT', timeZone: 'America/New_York', durationMinutes: 540 },
      '2026-03-07T12:00Z',
      ['2026-03-08T03:00 2026-03-08T12:00', '2026-03-15T02:00 2026-03-15T11:00'],
    ],
    [
      'New York back: every hour, also the one that is twice',
      { cron: '30 * * * *', timeZone: 'America/New_York', durationMinutes: 10 },
      '2026-11-01T05:00Z',
      ['2026-11-01T05:30 2026-11-01T05:40', '2026-11-01T06:30 2026-11-01T06:40'],
    ],
    [
      'Lord Howe forward by half an hour, 02:15 does not exist',
      { cron: '15 2 * * *', timeZone: 'Australia/Lord_Howe' },
      '2026-10-03T12:00Z',
      ['2026-10-03T15:30 2026-10-03T16:30', '2026-10-04T15:15 2026-10-04T16:15'],
    ],
    [
      'Lord Howe back by half an hour, 01:45 is twice',
      { cron: '45 1 * * *', timeZone: 'Australia/Lord_Howe' },
      '2026-04-04T12:00Z',
      ['2026-04-04T14:45 2026-04-04T15:45', '2026-04-05T15:15 2026-04-05T16:15'],
    ],
    [
      'Kolkata has no change',
      { timeZone: 'Asia/Kolkata' },
      '2026-03-28T12:00Z',
      ['2026-03-28T21:00 2026-03-28T22:00', '2026-03-29T21:00 2026-03-29T22:00'],
    ],
    [
      'UTC has none',
      { timeZone: 'UTC' },
      '2026-03-28T12:00Z',
      ['2026-03-29T02:30 2026-03-29T03:30', '2026-03-30T02:30 2026-03-30T03:30'],
    ],
    [
      'two times of day that meet where the clocks go on begin once',
      { cron: '0 2,3 * * *' },
      '2026-03-28T12:00Z',
      ['2026-03-29T01:00 2026-03-29T02:00', '2026-03-30T00:00 2026-03-30T01:00'],
    ],
  ])('%s', (_, changes, from, expected) => {
    const windows = windowsFrom(weekly(changes), ms(from), { count: 2 });
    expect(windows.map(shown)).toEqual(expected);
    for (const { fromMs, untilMs } of windows) {
      expect(shown(windowAt(weekly(changes), fromMs))).toBe(shown({ fromMs, untilMs }));
      expect(windowAt(weekly(changes), untilMs - 1)).toEqual({ fromMs, untilMs });
      expect(windowAt(weekly(changes), untilMs)?.fromMs).not.toBe(fromMs);
    }
  });
});

test('windows begin from "from" on and before "until"; the last one is not cut off', () => {
  const bounded = weekly({
    timeZone: 'UTC',
    from: '2026-11-20T02:30:00.000Z',
    until: '2026-11-22T02:31:00.000Z',
  });
  const all = windowsFrom(bounded, 0, {});
  expect(all.map(shown)).toEqual([
    '2026-11-20T02:30 2026-11-20T03:30',
    '2026-11-21T02:30 2026-11-21T03:30',
    '2026-11-22T02:30 2026-11-22T03:30',
  ]);
  expect(windowAt(bounded, ms('2026-11-22T03:29Z'))).not.toBeNull();
  expect(windowAt(bounded, ms('2026-11-19T02:40Z'))).toBeNull();
  expect(windowAt(bounded, ms('2026-11-23T02:40Z'))).toBeNull();
  expect(overAt(bounded)).toBe(ms('2026-11-22T03:31Z'));
  expect(overAt(weekly())).toBeNull();
});

test('whom it concerns: all, an id, a tag', () => {
  const shop = { id: 'shop', tags: ['web', 'eu'] };
  expect(concerns({ endpoints: 'all' }, shop)).toBe(true);
  expect(concerns({ endpoints: { ids: ['shop'] } }, shop)).toBe(true);
  expect(concerns({ endpoints: { ids: ['web'], tags: ['eu'] } }, shop)).toBe(true);
  expect(concerns({ endpoints: { ids: ['web'], tags: ['shop'] } }, shop)).toBe(false);
});

const values = (max: number, min = 0) =>
  fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map((list): Field => {
    const sorted = list.toSorted((a, b) => a - b);
    return { text: sorted.join(','), values: sorted, recurs: false };
  });
const range = (max: number) =>
  fc.tuple(fc.integer({ min: 0, max }), fc.integer({ min: 0, max })).map(([a, b]): Field => {
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    const all = Array.from({ length: to - from + 1 }, (_, n) => from + n);
    return { text: `${from}-${to}`, values: all, recurs: false };
  });
const every = fc.constant<Field>({ text: '*', values: null, recurs: true });
const step = (max: number) =>
  fc.integer({ min: 2, max: Math.floor(max / 2) }).map((by): Field => {
    const all = Array.from({ length: Math.floor(max / by) + 1 }, (_, n) => n * by);
    return { text: `*/${by}`, values: all, recurs: true };
  });
const cron = fc.record({
  minutes: fc.oneof(values(59), step(59)),
  hours: fc.oneof(values(23), values(4), range(23), step(23), every),
  days: fc.oneof({ weight: 3, arbitrary: every }, { weight: 1, arbitrary: values(31, 1) }),
  weekdays: fc.oneof({ weight: 2, arbitrary: every }, { weight: 1, arbitrary: values(6) }),
});

/** The instants at which the clocks of each zone change. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  'Europe/Berlin': ['2026-03-29T01:00Z', '2026-10-25T01:00Z'],
  'America/New_York': ['2026-03-08T07:00Z', '2026-11-01T06:00Z'],
  'Australia/Lord_Howe': ['2026-04-04T15:00Z', '2026-10-03T15:30Z'],
  'America/Santiago': ['2026-04-05T03:00Z', '2026-09-06T04:00Z'],
  'Asia/Kolkata': ['2026-06-01T00:00Z'],
  UTC: ['2026-06-01T00:00Z'],
};
const moment = fc.constantFrom(...Object.keys(CHANGES)).chain((timeZone) =>
  fc.record({
    timeZone: fc.constant(timeZone),
    atMs: fc
      .tuple(fc.constantFrom(...(CHANGES[timeZone] ?? [])), fc.integer({ min: -180, max: 360 }))
      .map(([change, minutes]) => ms(change) + minutes * 60_000),
  }),
);

test('agrees minute by minute with a slow reference, near every change of the clocks', () => {
  fc.assert(
    fc.property(
      cron,
      moment,
      fc.integer({ min: 1, max: 300 }),
      (fields, { timeZone, atMs }, durationMinutes) => {
        const maintenance = { schedule: { cron: cronText(fields), timeZone, durationMinutes } };
        let begun: number | null = null;
        for (let ago = 0; begun === null && ago < durationMinutes; ago += 1) {
          const minute = atMs - ago * 60_000;
          if (beginsAt(fields, timeZone, minute)) begun = minute;
        }
        const expected = begun === null ? null : { fromMs: begun, untilMs: begun + durationMinutes * 60_000 };
        expect(windowAt(maintenance, atMs + 59_999)).toEqual(expected);
        expect(windowAt(maintenance, atMs)).toEqual(expected);
        const next = nextWindow(maintenance, atMs);
        for (let ahead = 1; ahead <= 60; ahead += 1) {
          const minute = atMs + ahead * 60_000;
          expect(beginsAt(fields, timeZone, minute) && (next?.fromMs ?? 0) > minute).toBe(false);
          if (minute === next?.fromMs) {
            expect(beginsAt(fields, timeZone, minute)).toBe(true);
            break;
          }
        }
      },
    ),
    { numRuns: 200 },
  );
});
