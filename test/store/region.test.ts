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
  newestRoundAt: at,
  controls: null,
  sourceAddress: null,
  tcpClock: null,
  ...changes,
});
const from = (address: string, at: number) => ({ sourceAddress: { address, at } });
const read = async (region: string) => (await allRegions(stack.table)).find((one) => one.region === region);

test('what is saved is read back', async () => {
  const whole = {
    region: 'eu-west-1',
    newestRoundAt: NOW,
    controls: { healthy: true, passed: 3, tried: 4, at: NOW },
    sourceAddresses: [
      { address: '198.51.100.9', at: NOW },
      { address: '2001:db8::9', at: NOW - 5 },
    ],
    tcpClock: 'kernel' as const,
  };
  const bare = {
    region: 'us-east-1',
    newestRoundAt: null,
    controls: null,
    sourceAddresses: [],
    tcpClock: null,
  };
  await saveRegion(stack.table, whole);
  await saveRegion(stack.table, bare);
  expect(await allRegions(stack.table)).toEqual([whole, bare]);
});

test('a note adds what it knows and keeps what it does not', async () => {
  const controls = { healthy: false, passed: 0, tried: 4, at: NOW };
  await noteRegion(
    stack.table,
    note('noted', NOW, { controls, tcpClock: 'loop', ...from('198.51.100.1', NOW) }),
  );
  await noteRegion(stack.table, note('noted', NOW + 10, from('198.51.100.2', NOW + 10)));
  expect(await read('noted')).toEqual({
    region: 'noted',
    newestRoundAt: NOW + 10,
    controls,
    sourceAddresses: [
      { address: '198.51.100.2', at: NOW + 10 },
      { address: '198.51.100.1', at: NOW },
    ],
    tcpClock: 'loop',
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
  const controls = { healthy: true, passed: 4, tried: 4, at: NOW + 10 };
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
  const bare = { region: 'old', newestRoundAt: null, controls: null, tcpClock: null };
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
