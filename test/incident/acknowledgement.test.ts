import { describe, expect, test } from 'vitest';
import type { Acknowledgement } from '../../lib/incident/state.ts';
import { run, type World } from '../support/judging.ts';
import { type Fate, START, shop } from '../support/tries.ts';

const MINUTE = 60_000;
const at = (minutes: number): number => START + minutes * MINUTE;
const HOUR = 60 * MINUTE;

interface Fault {
  readonly from: number;
  readonly to: number;
  readonly fate: Fate;
  /** Default: all. */
  readonly regions?: readonly string[];
}

/** Minutes after the start. */
function told(faults: readonly Fault[], world: Partial<World> = {}) {
  const { told: transitions } = run({
    truth: (region, now) =>
      faults.find((one) => now >= at(one.from) && now < at(one.to) && (one.regions?.includes(region) ?? true))
        ?.fate ?? 'pass',
    remindEveryMs: HOUR,
    durationMs: 300 * MINUTE,
    ...world,
  });
  return transitions.map((one) => ({
    event: one.reminder ? 'reminder' : one.event,
    minute: Math.round((one.at - START) / MINUTE),
    kind: one.kind,
    by: one.acknowledged?.by ?? null,
  }));
}

const said = (minute: number, untilMinute: number | null = null): Acknowledgement => ({
  by: 'ada',
  note: null,
  at: at(minute),
  until: untilMinute === null ? null : at(untilMinute),
});
const from = (acknowledgement: Acknowledgement) => (now: number) =>
  now >= acknowledgement.at ? acknowledgement : null;
const outage: Fault = { from: 10, to: 250, fate: 'refused' };
const block: Fault = { ...outage, fate: 'filtered', regions: ['b'] };
const events = (all: readonly { readonly event: string }[]): string[] => all.map(({ event }) => event);

describe('reminders', () => {
  test('come every hour while nobody has acknowledged, and not after the end', () => {
    const all = told([outage]);
    expect(events(all)).toEqual(['trigger', 'reminder', 'reminder', 'reminder', 'resolve']);
    const minutes = all.map(({ minute }) => minute);
    for (const n of [1, 2, 3]) {
      const apart = (minutes[n] ?? 0) - (minutes[n - 1] ?? 0);
      expect([60, 61]).toContain(apart);
    }
  });

  test('do not come for what is P3 by its owner, and for nobody where they are switched off', () => {
    const endpoint = () => shop({ severities: { down: 'P3' } });
    expect(events(told([outage], { endpoint }))).toEqual(['trigger', 'resolve']);
    expect(events(told([outage], { remindEveryMs: undefined as never }))).toEqual(['trigger', 'resolve']);
  });

  test('come again once an acknowledgement is over', () => {
    const all = told([outage], { acknowledgement: from(said(20, 120)) });
    expect(events(all)).toEqual(['trigger', 'acknowledge', 'reminder', 'reminder', 'reminder', 'resolve']);
    expect(all[2]?.minute).toBeGreaterThanOrEqual(120);
    expect(all[2]?.minute).toBeLessThanOrEqual(121);
  });

  test('come again once it is taken back', () => {
    const acknowledgement = (now: number) => (now >= at(20) && now < at(100) ? said(20) : null);
    const all = told([outage], { acknowledgement });
    expect(events(all)).toEqual(['trigger', 'acknowledge', 'reminder', 'reminder', 'reminder', 'resolve']);
  });
});

describe('an acknowledged incident', () => {
  const acknowledgement = from(said(20));

  test('is told as acknowledged once, and its end', () => {
    const all = told([outage], { acknowledgement });
    expect(events(all)).toEqual(['trigger', 'acknowledge', 'resolve']);
    expect(all.map(({ by }) => by)).toEqual([null, 'ada', 'ada']);
  });

  test('that gets a new failing region is told all the same', () => {
    const all = told([block, { ...block, from: 60, regions: ['c'] }], { acknowledgement });
    expect(events(all)).toEqual(['trigger', 'acknowledge', 'update', 'resolve']);
  });

  test('that becomes an outage is told all the same', () => {
    const all = told([block, { ...outage, from: 60, fate: 'filtered' }], { acknowledgement });
    expect(all.map(({ event, kind }) => [event, kind])).toEqual([
      ['trigger', 'partial'],
      ['acknowledge', 'partial'],
      ['update', 'down'],
      ['resolve', 'down'],
    ]);
  });

  test('that loses a failing region is not told; unacknowledged it is', () => {
    const faults = [block, { ...block, to: 60, regions: ['c'] }];
    expect(events(told(faults, { acknowledgement }))).toEqual(['trigger', 'acknowledge', 'resolve']);
    expect(events(told(faults, { remindEveryMs: 1000 * HOUR }))).toEqual(['trigger', 'update', 'resolve']);
  });

  test('is not the next one', () => {
    const all = told(
      [
        { ...outage, to: 40 },
        { ...outage, from: 120 },
      ],
      { acknowledgement },
    );
    expect(events(all)).toEqual([
      'trigger',
      'acknowledge',
      'resolve',
      'trigger',
      'reminder',
      'reminder',
      'resolve',
    ]);
  });
});

test('what time alone changes is told within a minute of when it falls due', () => {
  const endpoint = () => shop({ alertAfterSeconds: 1800, intervalSeconds: 600 });
  const [trigger] = told([{ ...outage, from: 11 }], { endpoint });
  const muted = told([outage], { mutedUntil: (now) => (now < at(77) ? at(77) : null) });
  expect(trigger?.minute).toBeLessThanOrEqual(11 + 10 + 30 + 1);
  expect(muted[0]).toMatchObject({ event: 'trigger' });
  expect([77, 78]).toContain(muted[0]?.minute);
});
