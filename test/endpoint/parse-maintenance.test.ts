import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMaintenance } from '../../lib/endpoint/parse-maintenance.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const once = { from: '2026-11-21T02:00:00Z', until: '2026-11-21T04:00:00+01:00' };
const nightly = { cron: '0 2 * * *', timeZone: 'Europe/Berlin', durationMinutes: 120 };
const parse = (input: object) => parseMaintenance(input, 'deploy', NOW);
const of = (schedule: unknown, rest: object = {}) => parse({ endpoints: 'all', schedule, ...rest });
const first = (parsed: ReturnType<typeof parse>) => ('errors' in parsed ? parsed.errors[0] : null);

test('what is said is kept, in UTC, with the rest as null', () => {
  expect(of({ ...once, until: '2026-11-21T04:00:00+01:00' })).toEqual({
    maintenance: {
      id: 'deploy',
      note: null,
      by: null,
      endpoints: 'all',
      schedule: { from: '2026-11-21T02:00:00.000Z', until: '2026-11-21T03:00:00.000Z' },
      at: '2026-11-20T12:00:00.000Z',
    },
  });
  const said = { note: 'night work', by: 'ada', endpoints: { ids: ['shop'], tags: ['web'] } };
  const bounded = { ...nightly, from: '2026-12-01T00:00:00Z' };
  expect(parse({ ...said, schedule: bounded })).toMatchObject({
    maintenance: { ...said, schedule: { ...bounded, from: '2026-12-01T00:00:00.000Z' } },
  });
});

test('the documented examples are as they should be', () => {
  const text = readFileSync('docs/api.md', 'utf8');
  const bodies = [...text.matchAll(/\/maintenance\/[\s\S]*?-d '([^']*)'/g)].map(([, body = '']) =>
    JSON.parse(body),
  );
  expect(bodies.map((body) => first(parse(body)))).toEqual([null, null]);
});

describe('windows may', () => {
  test.each<[string, object]>([
    ['touch, if they end at all: a weekend', { ...nightly, cron: '0 0 * * SAT,SUN', durationMinutes: 1440 }],
    [
      'overlap by a change of the clocks: the Israeli weekend, whose Friday can have 23 hours',
      { cron: '0 0 * * FRI,SAT', timeZone: 'Asia/Jerusalem', durationMinutes: 1440 },
    ],
    ['be of a leap day', { ...nightly, cron: '0 0 29 2 *' }],
    ['be of the last Sunday of a month', { ...nightly, cron: '0 2 * * SUN#L' }],
    ['have run since long', { ...nightly, from: '2020-01-01T00:00:00Z' }],
    ['be an old name of a zone', { ...nightly, timeZone: 'Asia/Calcutta' }],
    ['have begun already', { from: '2026-11-20T11:00:00Z', until: '2026-11-20T13:00:00Z' }],
  ])('%s', (_, schedule) => {
    expect(first(of(schedule))).toBeNull();
  });
});

describe('one line names the field and the remedy', () => {
  test.each<[unknown, string, RegExp]>([
    [undefined, '#/schedule', /schedule/],
    ['tomorrow', '#/schedule', /schedule/],
    [{}, '#/schedule/from', /from is required: it must be an RFC 3339 time/],
    [{ ...once, until: '2026-11-21' }, '#/schedule/until', /until must be an RFC 3339 time/],
    [{ ...once, until: once.from }, '#/schedule/until', /after "from"/],
    [{ from: '2026-11-01T00:00:00Z', until: '2026-11-02T00:00:00Z' }, '#/schedule/until', /in the future/],
    [{ ...once, until: '2028-01-01T00:00:00Z' }, '#/schedule/until', /at most 366 days/],
    [{ ...once, cron: '0 2 * * *' }, '#/schedule/timeZone', /timeZone is required/],
    [
      { ...nightly, every: 'day' },
      '#/schedule/every',
      /known are cron, timeZone, durationMinutes, from, until/,
    ],
    [{ ...nightly, cron: '@daily' }, '#/schedule/cron', /five fields/],
    [{ ...nightly, cron: '2026-12-01T00:00:00' }, '#/schedule/cron', /five fields/],
    [{ ...nightly, cron: '0 0 2 * * *' }, '#/schedule/cron', /has not five fields/],
    [{ ...nightly, cron: '0 2 * * MO\n' }, '#/schedule/cron', /five fields/],
    [{ ...nightly, cron: '60 2 * * *' }, '#/schedule/cron', /cron must be five fields.*minute: 60/],
    [{ ...nightly, cron: '0 2 * * MO' }, '#/schedule/cron', /cron must be five fields/],
    [{ ...nightly, cron: `0 2 * * ${'1,'.repeat(100)}1` }, '#/schedule/cron', /100 characters/],
    [{ ...nightly, cron: '0 0 30 2 *' }, '#/schedule/cron', /never occurs/],
    [{ ...nightly, timeZone: 'Europe/Atlantis' }, '#/schedule/timeZone', /IANA time zone such as/],
    [{ ...nightly, timeZone: '+02:00' }, '#/schedule/timeZone', /IANA/],
    [{ ...nightly, timeZone: '' }, '#/schedule/timeZone', /IANA/],
    [{ ...nightly, durationMinutes: 0 }, '#/schedule/durationMinutes', /1 to 44640/],
    [{ ...nightly, durationMinutes: 1441 }, '#/schedule/durationMinutes', /at most 1440/],
    [{ ...nightly, cron: '0 2,3 * * *', durationMinutes: 61 }, '#/schedule/durationMinutes', /at most 60/],
    [{ ...nightly, durationMinutes: 1440 }, '#/schedule/durationMinutes', /no time between/],
    [{ ...nightly, cron: '* * * * *', durationMinutes: 1 }, '#/schedule/durationMinutes', /no time between/],
    [
      { ...nightly, from: '2026-12-02T00:00:00Z', until: '2026-12-01T00:00:00Z' },
      '#/schedule/until',
      /until must be after "from"/,
    ],
    [{ ...nightly, until: '2026-11-20T23:00:00Z' }, '#/schedule/until', /no window would begin/],
    [{ ...nightly, until: '2026-11-19T23:00:00Z' }, '#/schedule/until', /no window would begin/],
  ])('%j', (schedule, pointer, message) => {
    const error = first(of(schedule));
    expect(error?.pointer).toBe(pointer);
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toMatch(/\n/);
  });

  test.each<[unknown, string, RegExp]>([
    [undefined, '', /endpoints is required: it must be "all", \{"ids"/],
    ['web', '', /"all", \{"ids"/],
    [{}, '', /"all", \{"ids"/],
    [{ ids: [] }, '/ids', /"all", \{"ids"/],
    [{ ids: ['Shop'] }, '/ids/0', /"all", \{"ids"/],
    [{ tags: ['a/b'] }, '/tags/0', /without \/ \\ \? # %/],
    [{ tags: [''] }, '/tags/0', /tags must be text/],
    [{ id: ['shop'] }, '/id', /unknown field "endpoints.id": did you mean "ids"\?/],
  ])('endpoints: %j', (endpoints, pointer, message) => {
    const error = first(parse({ endpoints, schedule: nightly }));
    expect(error?.pointer).toBe(`#/endpoints${pointer}`);
    expect(error?.message).toMatch(message);
  });

  test('what is besides', () => {
    expect(first(of(nightly, { note: 'a\nb' }))).toMatchObject({ pointer: '#/note' });
    expect(first(of(nightly, { who: 'ada' }))?.message).toMatch(/known are note, by, endpoints, schedule/);
  });
});

test('nothing that JSON can hold makes it throw, and every message is ours', () => {
  const field = fc.oneof(
    fc.constantFrom(
      '*',
      '?',
      'L',
      '*/7',
      '0',
      '29',
      '30',
      '31',
      '2',
      '15W',
      'LW',
      'MON#5',
      '+MON#5',
      '+FRIL',
      '1-5,7',
    ),
    fc.string({ maxLength: 4 }),
  );
  const cron = fc.tuple(field, field, field, field, field).map((fields) => fields.join(' '));
  const moment = fc.constantFrom('0001-01-01T00:00:00Z', '2026-12-01T00:00:00Z', '9999-12-31T23:59:59Z');
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe');
  const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 4, arbitrary }, fc.jsonValue());
  const schedule = fc.record(
    {
      cron: some(cron),
      timeZone: some(zone),
      durationMinutes: some(fc.integer({ min: 1, max: 2000 })),
      from: some(moment),
      until: some(moment),
    },
    { requiredKeys: [] },
  );
  const body = fc.record({
    endpoints: some(fc.constant('all')),
    schedule: some(schedule),
    note: fc.jsonValue(),
  });
  fc.assert(
    fc.property(fc.oneof(body, fc.dictionary(fc.string(), fc.jsonValue())), (input) => {
      const parsed = parse(input);
      if (!('errors' in parsed)) return;
      for (const { message } of parsed.errors) {
        expect(message).toMatch(/must|unknown field|required|never occurs|leaves no time/);
        expect(message).not.toMatch(/[\p{Cc}]|Invalid input/u);
      }
    }),
    { numRuns: 500 },
  );
});
