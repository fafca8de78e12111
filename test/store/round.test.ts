import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Round } from '../../lib/round/round.ts';
import { BadCursor } from '../../lib/store/cursor.ts';
import { keys } from '../../lib/store/keys.ts';
import {
  getRound,
  packedOrder,
  putPackedRound,
  putRound,
  roundsSince,
  timingsOf,
} from '../../lib/store/round.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';
import { writeUnits } from '../support/write-units.ts';
import { failing, passing, round, SLOT } from './values.ts';
import { writeMessageRoundTrip } from './write-message.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

const dueOf = (one: Round): number => (one.cause.kind === 'slot' ? one.cause.slot : one.cause.due);

test.each<Round['cause']>([
  { kind: 'slot', slot: SLOT },
  { kind: 'retry', due: SLOT, chain: 'c-1' },
  { kind: 'confirm', due: SLOT, suspicion: 'api-5a' },
])('a $kind round is written once and read back', async (cause) => {
  const given = round({ cause, cohort: '60-1' });
  const key =
    cause.kind === 'slot' ? `${SLOT}#r` : cause.kind === 'retry' ? `${SLOT}#t#c-1` : `${SLOT}#c#api-5a`;
  expect(await putRound(stack.table, given)).toBe(true);
  expect(await putRound(stack.table, { ...given, observations: [] })).toBe(false);
  expect(await getRound(stack.table, '60-1', given.region, key)).toEqual(given);
  expect(await getRound(stack.table, '60-1', 'us-east-1', key)).toBeNull();
});

test('a round that waited in a queue is the same round', async () => {
  const given = round({ cohort: '60-2' });
  const order = writeMessageRoundTrip(packedOrder(given, 3));
  expect(order).toMatchObject({ kind: 'write', cohort: '60-2', key: `${SLOT}#r`, attempt: 3 });
  expect(await putPackedRound(stack.table, order)).toBe(true);
  expect(await putRound(stack.table, given)).toBe(false);
  expect(await getRound(stack.table, '60-2', given.region, order.key)).toEqual(given);
});

test('of two that write the same round at once, one does', async () => {
  const given = round({ cohort: '60-3' });
  const won = await Promise.all([putRound(stack.table, given), putRound(stack.table, given)]);
  expect(won.filter(Boolean)).toHaveLength(1);
});

test('rounds since a second: that second included, of this cohort and region alone, in order of time', async () => {
  const cohort = '10-1';
  for (const slot of [SLOT + 20, SLOT - 10, SLOT, SLOT + 10]) {
    await putRound(stack.table, round({ cohort, cause: { kind: 'slot', slot } }));
  }
  await putRound(stack.table, round({ cohort, cause: { kind: 'retry', due: SLOT + 5, chain: 'x' } }));
  await putRound(stack.table, round({ cohort: '10-10' }));
  await putRound(stack.table, round({ cohort, region: 'us-east-1' }));
  const found = await roundsSince(stack.table, cohort, 'ap-southeast-2', SLOT);
  expect(found.map((one) => dueOf(one) - SLOT)).toEqual([0, 5, 10, 20]);
});

test('more rounds than one answer of the table holds are all read', async () => {
  const cohort = '10-2';
  const bulky = Buffer.alloc(300_000, 1);
  for (let n = 0; n < 5; n++) {
    await putRound(stack.table, round({ cohort, cause: { kind: 'slot', slot: SLOT + n } }));
    const { Item } = await stack.table.documents.send(
      new GetCommand({
        TableName: stack.table.name,
        Key: keys.round(cohort, 'ap-southeast-2', `${SLOT + n}#r`),
      }),
    );
    await stack.table.documents.send(
      new PutCommand({ TableName: stack.table.name, Item: { ...Item, unrelated: bulky } }),
    );
  }
  expect(await roundsSince(stack.table, cohort, 'ap-southeast-2', SLOT)).toHaveLength(5);
});

test('an expired round is not there, whatever the table still holds', async () => {
  const cohort = '60-4';
  const old = round({ cohort, cause: { kind: 'slot', slot: SLOT - 15 * 86_400 } });
  const kept = round({ cohort, cause: { kind: 'slot', slot: SLOT - 13 * 86_400 } });
  expect([await putRound(stack.table, old), await putRound(stack.table, kept)]).toEqual([true, true]);
  expect(await roundsSince(stack.table, cohort, old.region, 0)).toEqual([kept]);
  expect(await getRound(stack.table, cohort, old.region, `${dueOf(old)}#r`)).toBeNull();
});

test('a round that cannot be read is named', async () => {
  const key = keys.round('60-5', 'ap-southeast-2', `${SLOT}#r`);
  await stack.table.documents.send(
    new PutCommand({
      TableName: stack.table.name,
      Item: { ...key, passing: Buffer.from([9]), expiresAt: SLOT * 2 },
    }),
  );
  await expect(getRound(stack.table, '60-5', 'ap-southeast-2', key.sk)).rejects.toThrow(
    `the round ${key.pk} / ${key.sk} cannot be read: a round of version 9 cannot be read: this is version 2`,
  );
});

describe('pages of rounds', () => {
  const cohort = '10-3';
  const region = 'ap-southeast-2';
  const all = { fromSeconds: SLOT, toSeconds: SLOT + 100, limit: 3 };
  beforeAll(async () => {
    for (let n = 0; n < 12; n++) {
      await putRound(stack.table, round({ cohort, cause: { kind: 'slot', slot: SLOT + n * 10 } }));
    }
  });

  test('hold every round from the first second up to the last, which is not included, once', async () => {
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page = await timingsOf(stack.table, cohort, region, { ...all, cursor });
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map((one) => (dueOf(one) - SLOT) / 10));
      cursor = page.next;
    } while (cursor);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('a span without seconds in it is empty', async () => {
    expect(await timingsOf(stack.table, cohort, region, { ...all, toSeconds: SLOT })).toEqual({
      items: [],
      next: null,
    });
  });

  test('a cursor is of one cohort and region, and of the span', async () => {
    const { next } = await timingsOf(stack.table, cohort, region, all);
    const use = (of: string, at: string, changes: object) =>
      timingsOf(stack.table, of, at, { ...all, ...changes, cursor: next });
    await expect(use('10-4', region, {})).rejects.toThrow(BadCursor);
    await expect(use(cohort, 'us-east-1', {})).rejects.toThrow(BadCursor);
    await expect(use(cohort, region, { fromSeconds: SLOT + 50 })).rejects.toThrow(BadCursor);
    for (const cursor of ['x', '%', Buffer.from('{}').toString('base64url'), `${next}AA`]) {
      await expect(timingsOf(stack.table, cohort, region, { ...all, cursor })).rejects.toThrow(BadCursor);
    }
  });
});

describe('what a round costs', () => {
  const full = (observation: (tag: number) => Round['observations'][number], cohort: string): Round =>
    round({ cohort, observations: Array.from({ length: 64 }, (_, tag) => observation(tag)) });
  const cost = (one: Round) => writeUnits(stack.table, () => putRound(stack.table, one));

  test('a passing full cohort, every address another, is two units: 0.031 an observation', async () => {
    expect(await cost(full(passing, '600-99999'))).toEqual({ table: 2, index: 0 });
  });

  test('all of it at IPv6 addresses of their own is three', async () => {
    const ipv6 = (tag: number) => passing(tag, { address: `2001:db8::${(tag + 1).toString(16)}` });
    expect(await cost(full(ipv6, '600-99998'))).toEqual({ table: 3, index: 0 });
  });

  test('half of a full cohort failing alike is two', async () => {
    const mixed = (tag: number) => (tag % 2 ? passing(tag) : failing(tag));
    expect(await cost(full(mixed, '600-99997'))).toEqual({ table: 2, index: 0 });
  });
});

test('a round never enters the index', async () => {
  const given = round({ cohort: '60-6' });
  await putRound(stack.table, given);
  const { Item } = await stack.table.documents.send(
    new GetCommand({ TableName: stack.table.name, Key: keys.round('60-6', given.region, `${SLOT}#r`) }),
  );
  expect(Object.keys(Item ?? {}).sort()).toEqual(['expiresAt', 'failing', 'passing', 'pk', 'sk']);
  expect(Item?.expiresAt).toBe(SLOT + 14 * 86_400);
});
