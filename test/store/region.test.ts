import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keys } from '../../lib/store/keys.ts';
import { allRegions, noteRegion, type RegionNote } from '../../lib/store/region.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';
import { saveRegion } from '../support/save-region.ts';
import { NOW } from './values.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

const note = (region: string, at: number, changes: Partial<RegionNote> = {}): RegionNote => ({
  region,
  notedAt: at,
  round: true,
  healthy: null,
  controls: null,
  sourceAddress: null,
  clock: null,
  ...changes,
});
const from = (address: string, at: number) => ({ sourceAddress: { address, at } });
const read = async (region: string) => (await allRegions(stack.table)).find((one) => one.region === region);

test('what is saved is read back', async () => {
  const whole = {
    region: 'eu-west-1',
    notedAt: NOW + 5,
    newestRoundAt: NOW,
    health: { healthy: false, since: NOW - 5, at: NOW },
    controls: { healthy: true, passed: 3, tried: 4, syns: 3, lost: 0, at: NOW },
    sourceAddresses: [
      { address: '198.51.100.9', at: NOW },
      { address: '2001:db8::9', at: NOW - 5 },
    ],
    tcpClock: 'kernel' as const,
    clockCheck: { trouble: null, kernelMs: 0.006, loopMs: 0.31 },
  };
  const bare = {
    region: 'us-east-1',
    notedAt: null,
    newestRoundAt: null,
    health: null,
    controls: null,
    sourceAddresses: [],
    tcpClock: null,
    clockCheck: null,
  };
  await saveRegion(stack.table, whole);
  await saveRegion(stack.table, bare);
  expect(await allRegions(stack.table)).toEqual([whole, bare]);
});

test('a note adds what it knows and keeps what it does not', async () => {
  const controls = { healthy: false, passed: 0, tried: 4, syns: 0, lost: 0, at: NOW };
  const clockCheck = { trouble: 'koffi_missing', kernelMs: null, loopMs: 0.31 } as const;
  await noteRegion(
    stack.table,
    note('noted', NOW, {
      controls,
      clock: { tcpClock: 'loop', ...clockCheck },
      ...from('198.51.100.1', NOW),
    }),
  );
  await noteRegion(stack.table, note('noted', NOW + 10, from('198.51.100.2', NOW + 10)));
  expect(await read('noted')).toEqual({
    region: 'noted',
    notedAt: NOW + 10,
    newestRoundAt: NOW + 10,
    health: null,
    controls,
    sourceAddresses: [
      { address: '198.51.100.2', at: NOW + 10 },
      { address: '198.51.100.1', at: NOW },
    ],
    tcpClock: 'loop',
    clockCheck,
  });
});

test('probers that note at once lose no address, and the newest round is the newest', async () => {
  const notes = Array.from({ length: 20 }, (_, n) => note('busy', NOW + n, from(`198.51.100.${n}`, NOW + n)));
  await Promise.all(notes.map((one) => noteRegion(stack.table, one)));
  const busy = await read('busy');
  expect(busy?.newestRoundAt).toBe(NOW + 19);
  expect(busy?.sourceAddresses).toHaveLength(20);
});

test('a note that comes late adds its address and hides nothing', async () => {
  const controls = { healthy: true, passed: 4, tried: 4, syns: 4, lost: 0, at: NOW + 10 };
  await noteRegion(stack.table, note('late', NOW + 10, { controls }));
  const older = { controls: { ...controls, healthy: false, at: NOW }, ...from('198.51.100.1', NOW) };
  await noteRegion(stack.table, note('late', NOW, older));
  await noteRegion(stack.table, note('late', NOW));
  expect(await read('late')).toMatchObject({
    newestRoundAt: NOW + 10,
    controls,
    sourceAddresses: [{ address: '198.51.100.1', at: NOW }],
  });
});

test('addresses of more than 7 days ago, and more than 50, are forgotten', async () => {
  const day = 86_400_000;
  const many = Array.from({ length: 60 }, (_, n) => ({ address: `198.51.100.${n}`, at: NOW - n * 1000 }));
  const stale = { address: '203.0.113.1', at: NOW - 8 * day };
  const bare = {
    region: 'old',
    notedAt: null,
    newestRoundAt: null,
    health: null,
    controls: null,
    tcpClock: null,
    clockCheck: null,
  };
  await saveRegion(stack.table, { ...bare, sourceAddresses: [...many, stale] });
  expect((await read('old'))?.sourceAddresses).toEqual(many.slice(0, 50));
  await noteRegion(stack.table, note('old', NOW, from('192.0.2.1', NOW + 1)));
  expect((await read('old'))?.sourceAddresses.map(({ address }) => address)).toEqual([
    '192.0.2.1',
    ...many.slice(0, 49).map(({ address }) => address),
  ]);
  const { Item } = await stack.table.documents.send(
    new GetCommand({ TableName: stack.table.name, Key: keys.region('old') }),
  );
  expect(Object.keys(Item ?? {}).filter((name) => name.startsWith('address:'))).toHaveLength(50);
});

test('signs of health that agree are a run, which the first contrary one of controls ends; late ones count for nothing', async () => {
  const signs: readonly (readonly [number, boolean | 'passes' | null])[] = [
    [0, true],
    [60, true],
    [70, false],
    [75, null],
    [80, false],
    [78, true],
    [85, 'passes'],
    [90, true],
  ];
  const seen: unknown[] = [];
  for (const [seconds, healthy] of signs) {
    const passed = healthy === true ? 4 : 0;
    const controls = { healthy: passed > 0, passed, tried: 4, syns: passed, lost: 0, at: NOW };
    const sign = healthy === 'passes' ? { healthy: true } : { healthy, controls };
    await noteRegion(stack.table, note('sick', NOW + seconds * 1000, sign));
    const health = (await read('sick'))?.health;
    seen.push(health && [health.healthy, (health.since - NOW) / 1000, (health.at - NOW) / 1000]);
  }
  expect(seen).toEqual([
    [true, 0, 0],
    [true, 0, 60],
    [false, 70, 70],
    [false, 70, 70],
    [false, 70, 80],
    [false, 70, 80],
    [false, 70, 80],
    [true, 90, 90],
  ]);
});

test('a note answers with the record, and says when there was a newer one', async () => {
  const healthy = { healthy: true, round: false };
  const first = await noteRegion(stack.table, note('answer', NOW, healthy));
  expect(first).toEqual(await read('answer'));
  expect(first).toMatchObject({ notedAt: NOW, newestRoundAt: null, health: { since: NOW, at: NOW } });
  expect(await noteRegion(stack.table, note('answer', NOW - 1, from('198.51.100.1', NOW)))).toBeNull();
});

test('a record of a version that noted rounds only was noted when its newest round was', async () => {
  await saveRegion(stack.table, {
    region: 'former',
    notedAt: null,
    newestRoundAt: NOW,
    health: null,
    controls: null,
    sourceAddresses: [],
    tcpClock: null,
    clockCheck: null,
  });
  expect(await read('former')).toMatchObject({ notedAt: NOW, newestRoundAt: NOW });
});
