import { describe, expect, test } from 'vitest';
import type { Maintenance, Schedule } from '../../lib/endpoint/maintenance.ts';
import { type Mute, quietOf } from '../../lib/endpoint/quiet.ts';

const at = (time: string): number => Date.parse(`2026-11-20T${time}:00Z`);
const mute = (until: string): Mute => ({
  until: new Date(at(until)).toISOString(),
  note: 'why',
  at: '2026-11-20T00:00:00.000Z',
});
const maintenance = (
  id: string,
  schedule: Schedule,
  endpoints: Maintenance['endpoints'] = 'all',
): Maintenance => ({
  id,
  note: null,
  by: null,
  endpoints,
  schedule,
  at: '2026-11-20T00:00:00.000Z',
});
const window = (from: string, until: string): Schedule => ({
  from: new Date(at(from)).toISOString(),
  until: new Date(at(until)).toISOString(),
});
const shop = { id: 'shop', tags: ['web', 'eu'] };
const none = { tagMutes: [], maintenances: [] };

describe('quiet', () => {
  test('not, when nothing is said or all of it is over, to come or of others', () => {
    expect(quietOf(shop, null, none, at('03:00'))).toBeNull();
    expect(quietOf(shop, mute('03:00'), none, at('03:00'))).toBeNull();
    const plans = {
      tagMutes: [{ tag: 'us', ...mute('05:00') }],
      maintenances: [
        maintenance('later', window('03:01', '04:00')),
        maintenance('others', window('02:00', '04:00'), { tags: ['us'] }),
      ],
    };
    expect(quietOf(shop, null, plans, at('03:00'))).toBeNull();
  });

  test('for each reason', () => {
    expect(quietOf(shop, mute('04:00'), none, at('03:00'))).toEqual({
      reason: 'mute',
      id: 'shop',
      note: 'why',
      untilMs: at('04:00'),
    });
    const tagMutes = [{ tag: 'web', ...mute('04:00') }];
    expect(quietOf(shop, null, { ...none, tagMutes }, at('03:00'))).toMatchObject({
      reason: 'tag_mute',
      id: 'web',
      untilMs: at('04:00'),
    });
    const maintenances = [maintenance('deploy', window('03:00', '03:30'), { ids: ['shop'] })];
    expect(quietOf(shop, null, { ...none, maintenances }, at('03:00'))).toMatchObject({
      reason: 'maintenance',
      id: 'deploy',
      untilMs: at('03:30'),
    });
  });

  test('as one where mutes and windows overlap or touch, with the longest of now as its reason', () => {
    const plans = {
      tagMutes: [{ tag: 'eu', ...mute('04:00') }],
      maintenances: [
        maintenance('first', window('02:00', '03:30')),
        maintenance('touches', window('04:00', '05:00')),
        maintenance('overlaps', window('04:30', '06:00')),
        maintenance('apart', window('06:01', '07:00')),
      ],
    };
    expect(quietOf(shop, mute('03:10'), plans, at('03:00'))).toMatchObject({
      reason: 'tag_mute',
      id: 'eu',
      untilMs: at('06:00'),
    });
  });

  test('over a weekend of two daily windows, and no longer', () => {
    const schedule = { cron: '0 0 * * SAT,SUN', timeZone: 'UTC', durationMinutes: 1440 };
    const quiet = quietOf(
      shop,
      null,
      { ...none, maintenances: [maintenance('weekend', schedule)] },
      at('24:00'),
    );
    expect(new Date(quiet?.untilMs ?? 0).toISOString()).toBe('2026-11-23T00:00:00.000Z');
  });

  test('without end: until as far as was looked', () => {
    const day = { cron: '0 6 * * *', timeZone: 'UTC', durationMinutes: 720 };
    const night = { cron: '0 18 * * *', timeZone: 'UTC', durationMinutes: 720 };
    const maintenances = [maintenance('day', day), maintenance('night', night)];
    const quiet = quietOf(shop, null, { ...none, maintenances }, at('07:00'));
    expect(quiet?.untilMs).toBeGreaterThan(at('07:00') + 7 * 86_400_000);
  });
});
