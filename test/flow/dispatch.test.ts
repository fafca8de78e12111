import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INTERVALS } from '../../lib/endpoint/endpoint.ts';
import { plansOf } from '../../lib/flow/dispatch.ts';
import type { CohortSummary } from '../../lib/store/cohorts.ts';

const REGIONS = ['eu-west-1', 'us-east-1', 'ap-southeast-2'];
const MINUTE_MS = Date.UTC(2026, 10, 20, 3, 0);

const cohort = (name: string, failing: readonly number[] = []): CohortSummary => ({
  cohort: name,
  places: 1,
  plan: 7,
  wakeAt: null,
  attention: new Map([['eu-west-1', new Set(failing)]]),
});

const plan = (
  cohorts: readonly CohortSummary[],
  minuteMs: number,
  nowMs = minuteMs - 60_000,
  region = 'eu-west-1',
) => plansOf(cohorts, { region, regions: REGIONS, minuteMs, nowMs });

describe('dispatch', () => {
  it('plans every slot exactly once over any run of minutes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...INTERVALS), fc.nat(99), fc.nat(2000), (interval, number, start) => {
        const name = `${interval}-${number}`;
        const minutes = Array.from({ length: 30 }, (_, minute) => MINUTE_MS + (start + minute) * 60_000);
        const plans = minutes.flatMap((minuteMs) => plan([cohort(name)], minuteMs));
        const slots = plans.flatMap(({ message }) => message.cohorts.map(({ slot }) => slot));
        expect(slots).toEqual(slots.map((_, n) => (slots[0] ?? 0) + n * interval));
        expect(slots).toHaveLength((30 * 60) / interval);
        expect(slots.every((slot) => slot % interval === 0)).toBe(true);
      }),
    );
  });

  it('lets regions knock apart: some region tries within interval / regions of any moment', () => {
    const dues = REGIONS.map((region) => plan([cohort('60-0')], MINUTE_MS, 0, region)[0]?.dueMs ?? 0);
    const gaps = dues.sort((a, b) => a - b).map((due, n) => (dues[n + 1] ?? (dues[0] ?? 0) + 60_000) - due);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(20_000);
  });

  it('sends cohorts that knock in step in one message, eight at most', () => {
    const cohorts = Array.from({ length: 20 }, (_, number) => cohort(`60-${number}`));
    const sizes = plan(cohorts, MINUTE_MS).map(({ message }) => message.cohorts.length);
    expect(sizes.sort()).toEqual([4, 8, 8]);
  });

  it('of the slots that a late dispatch finds past, sends the newest only', () => {
    const late = plan([cohort('10-0')], MINUTE_MS, MINUTE_MS + 45_000);
    const all = plan([cohort('10-0')], MINUTE_MS);
    const past = all.filter(({ dueMs }) => dueMs < MINUTE_MS + 45_000);
    expect(all).toHaveLength(6);
    expect(past.length).toBeGreaterThan(1);
    expect(late).toEqual(all.slice(past.length - 1));
  });

  it('tries what fails here each minute when its cohort is slower', () => {
    const minutes = Array.from({ length: 10 }, (_, minute) => MINUTE_MS + minute * 60_000);
    const parts = minutes.map((minuteMs) =>
      plan([cohort('600-0', [5])], minuteMs).map(({ message }) => message.cohorts[0]),
    );
    expect(parts.every((entries) => entries.length === 1)).toBe(true);
    expect(parts.flat().filter((entry) => entry?.part === 'all')).toHaveLength(1);
    expect(parts.flat().filter((entry) => entry?.part === 'failing')).toHaveLength(9);
    expect(parts.flat().every((entry) => entry?.attention.includes(5))).toBe(true);
  });

  it('leaves out cohorts without members', () => {
    expect(plan([{ ...cohort('60-0'), places: 0 }], MINUTE_MS)).toEqual([]);
  });
});
