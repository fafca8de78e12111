import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causeKey } from '../../lib/incident/cause.ts';
import { judgeGroup } from '../../lib/incident/group.ts';
import { cohortOf, GroupLife, member, ON_IT } from '../support/groups.ts';
import { SINCE, transitionOf } from '../support/transitions.ts';

const six = Array.from({ length: 6 }, (_, n) => member(n));
const events = (life: GroupLife): string[] =>
  life.told.map(({ event, reminder }) => (reminder ? 'reminder' : event));

describe('what is told as one', () => {
  test('is one trigger, an update with those who joined, and one resolve with the last that leaves', () => {
    const life = new GroupLife().judge(0, six.slice(0, 5)).judge(60, six).judge(59, six).judge(2, six);
    expect(life.told.map(({ event, group }) => [event, group.count])).toEqual([
      ['trigger', 5],
      ['update', 6],
    ]);
    life.judge(10, six.slice(0, 2)).judge(10, six.slice(1, 2)).judge(10, []).judge(10, []);
    expect(events(life)).toEqual(['trigger', 'update', 'resolve']);
    expect(new Set(life.told.map(({ dedupKey }) => dedupKey)).size).toBe(1);
    expect(life.told.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  test('says sooner that many have joined, and at its end how many there were', () => {
    const many = Array.from({ length: 30 }, (_, n) => member(n));
    const life = new GroupLife().judge(0, six).judge(10, many).judge(11, many).judge(5, six).judge(5, []);
    expect(life.told.map(({ event, group }) => [event, group.count])).toEqual([
      ['trigger', 6],
      ['update', 30],
      ['resolve', 30],
    ]);
  });

  test('begins with all that have it and fall due within a minute; who is told alone is told alone', () => {
    const due = { told: 'not_yet', dueAt: SINCE + 31_000 + 60_000 } as const;
    const members = [
      member(0),
      member(1, due),
      member(2, { ...due, dueAt: due.dueAt + 1 }),
      member(3, { told: 'alone' }),
    ];
    const life = new GroupLife().judge(0, members);
    expect(life.told.map(({ group }) => group.members.map(({ id }) => id))).toEqual([['shop-0', 'shop-1']]);
    const fallenDue = members.map((one) =>
      one.told === 'not_yet' ? { ...one, told: 'together' as const } : one,
    );
    life.judge(61, fallenDue);
    expect(life.told.slice(1).map(({ group }) => [group.fresh, group.members.map(({ id }) => id)])).toEqual([
      [1, ['shop-2', 'shop-0', 'shop-1']],
    ]);
    expect(life.state.incident?.counted).toEqual([1000, 1001, 1002]);
  });

  test('begins with nobody who is not due', () => {
    expect(new GroupLife().judge(0, [member(0, { told: 'not_yet' })]).told).toEqual([]);
  });

  test('tells of those who have come in the place of others, and not again of who comes back', () => {
    const life = new GroupLife()
      .judge(0, six.slice(0, 5))
      .judge(60, six.slice(1))
      .judge(601, six.slice(0, 5));
    expect(life.told.map(({ group }) => [group.count, group.fresh])).toEqual([
      [5, 0],
      [5, 1],
    ]);
  });

  test('names at its end whom it has told of, and says when the last of them was well again', () => {
    const life = new GroupLife().judge(0, six.slice(0, 5)).judge(61, six.slice(1));
    life.endedAt = life.now + 2_000;
    life.judge(5, six.slice(4, 5));
    life.endedAt = life.now - 4_000;
    life.judge(5, []);
    const resolve = life.told.at(-1);
    expect(resolve?.group.members.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5].map((n) => `shop-${n}`));
    expect([resolve?.group.count, resolve?.endedAt]).toEqual([6, SINCE + 31_000 + 61_000 + 2_000]);
  });

  test('goes on when most of them change together, and says what is new', () => {
    const wider = causeKey({ kind: 'region', value: 'eu-west-1 us-east-1' }, 'web');
    const two = ['eu-west-1', 'us-east-1'];
    const life = new GroupLife().judge(0, six);
    life.example = { ...transitionOf('blocked_from_some'), failingRegions: two };
    const moved = (count: number) => six.map((one, n) => (n < count ? { ...one, causes: [wider] } : one));
    life.judge(61, moved(3)).judge(1, moved(4));
    expect(life.told.slice(1).map(({ event, example }) => [event, example.failingRegions])).toEqual([
      ['update', two],
    ]);
    expect(life.told[1]?.before).toMatchObject({ failing: ['eu-west-1'] });
    expect(life.state.incident?.causes).toEqual([wider]);
    life.judge(1, moved(6)).judge(120, moved(6));
    expect(life.told).toHaveLength(2);
  });

  test('says nothing while none of them fails, and stays open: those that flap have yet to settle', () => {
    const life = new GroupLife().judge(0, six.slice(0, 5));
    const well = six.map((one) => ({ ...one, fails: false }));
    life.remindEveryMs = 3_600_000;
    life.judge(600, well).judge(7_200, well);
    expect(events(life)).toEqual(['trigger']);
    expect(life.state.wakeAt).toBeNull();
    life.judge(1, []);
    expect(events(life)).toEqual(['trigger', 'resolve']);
  });

  test('is not over, but closed, where some are told by themselves', () => {
    const life = new GroupLife().judge(0, six);
    life.left = true;
    life.judge(10, six.slice(1));
    life.left = false;
    life.judge(10, []);
    expect(life.told.map(({ end }) => end)).toEqual([null, 'changed']);
  });

  test('waits for those that fail with the one that joins first, and goes on while it is looked after', () => {
    const late = (n: number) => member(n, { since: SINCE + 200_000 + n * 1000, dueAt: SINCE + 230_000 });
    const life = new GroupLife().judge(0, six);
    life.acknowledgement = { ...ON_IT, at: life.now + 1_000 };
    life.judge(1, six).judge(178, [...six, late(6)]);
    expect(events(life)).toEqual(['trigger', 'acknowledge']);
    life.judge(20, [...six, late(6), late(7), late(8)]);
    expect(life.told.at(-1)).toMatchObject({ event: 'update', group: { count: 9, fresh: 3 } });
  });

  test('says by when it is to be looked at again', () => {
    const life = new GroupLife().judge(0, six.slice(0, 5)).judge(1, six);
    expect(life.state.wakeAt).toBe((life.told[0]?.at ?? 0) + 60_000);
    expect(new GroupLife().judge(0, six).state.wakeAt).toBeNull();
  });

  test('is reminded of until one of its members is acknowledged', () => {
    const life = new GroupLife();
    life.remindEveryMs = 3_600_000;
    life.judge(0, six).judge(3_600, six);
    const acknowledged = six.map((one) => ({ ...one, acknowledged: { ...ON_IT, at: life.now } }));
    life.judge(10, acknowledged).judge(7_200, acknowledged).judge(1, []);
    expect(events(life)).toEqual(['trigger', 'reminder', 'acknowledge', 'resolve']);
  });

  test('acknowledged as a whole it stays so when those leave who were there', () => {
    const life = new GroupLife();
    life.remindEveryMs = 3_600_000;
    life.judge(0, six.slice(0, 5));
    life.acknowledgement = { ...ON_IT, at: life.now + 5_000 };
    life.judge(10, six).judge(7_200, six.slice(5));
    expect(events(life)).toEqual(['trigger', 'acknowledge']);
    life.acknowledgement = null;
    life.judge(10, six.slice(5));
    expect(events(life)).toEqual(['trigger', 'acknowledge', 'reminder']);
  });

  test('is told sooner when a member gets graver', () => {
    const worse = six.map((one, n) => (n === 3 ? { ...one, severity: 'P1' as const } : one));
    const life = new GroupLife().judge(0, six).judge(30, worse).judge(31, worse);
    expect(life.told.map(({ event, severity }) => [event, severity])).toEqual([
      ['trigger', 'P2'],
      ['update', 'P1'],
    ]);
  });

  test('judged again is the same', () => {
    const membership = fc.array(fc.nat({ max: 8 }), { maxLength: 9 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ membership, seconds: fc.nat({ max: 400 }) }), { maxLength: 12 }),
        (steps) => {
          const life = new GroupLife();
          for (const { membership: ids, seconds } of steps) {
            const members = [...new Set(ids)].map((n) => member(n));
            life.judge(seconds, members);
            const cohorts = members.length > 0 ? [cohortOf(members)] : [];
            const { state, changed } = judgeGroup({
              state: life.state,
              cohorts,
              acknowledgement: null,
              endedAt: null,
              left: false,
              now: life.now,
              remindEveryMs: null,
            });
            expect([state, changed]).toEqual([life.state, false]);
          }
          const opened = events(life).filter((event) => event === 'trigger').length;
          const closed = events(life).filter((event) => event === 'resolve').length;
          expect(opened - closed).toBe(life.state.incident ? 1 : 0);
        },
      ),
    );
  });
});
