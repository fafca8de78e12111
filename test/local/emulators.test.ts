import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from 'vitest';
import { type Emulators, startEmulators } from '../../lib/local/emulators.ts';

const open: Emulators[] = [];
const directories: string[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

async function start(options: Parameters<typeof startEmulators>[0]): Promise<Emulators> {
  const started = await startEmulators(options);
  open.push(started);
  return started;
}

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'parallax-emulators-'));
  directories.push(made);
  return made;
}

async function tables(emulators: Emulators, create?: string): Promise<readonly string[]> {
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    endpoint: emulators.dynamodbUrl,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  if (create) {
    await client.send(
      new CreateTableCommand({
        TableName: create,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      }),
    );
  }
  const { TableNames = [] } = await client.send(new ListTablesCommand());
  client.destroy();
  return TableNames;
}

const portOf = (url: string): number => Number(new URL(url).port);

test('both listen on the address asked for, and on no other', async () => {
  const { dynamodbUrl, awsUrl } = await start({ address: '127.0.0.5' });
  for (const url of [dynamodbUrl, awsUrl]) {
    expect(new URL(url).hostname).toBe('127.0.0.5');
    expect((await fetch(url)).status).toBeLessThan(500);
    await expect(fetch(url.replace('127.0.0.5', '127.0.0.1'))).rejects.toThrow();
  }
});

test('IPv6', async () => {
  const { dynamodbUrl } = await start({ address: '::1' });
  expect(dynamodbUrl).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect((await fetch(dynamodbUrl)).status).toBe(200);
});

test('a directory keeps the table; without one it is forgotten', async () => {
  const dataDir = join(directory(), 'made', 'for', 'it');
  const first = await start({ dataDir });
  expect(await tables(first, 'kept')).toEqual(['kept']);
  await open.pop()?.close();
  expect(await tables(await start({ dataDir }))).toEqual(['kept']);
  expect(await tables(await start({}))).toEqual([]);
});

test('closing does not wait for connections that are held open, and frees the ports', async () => {
  const emulators = await start({});
  const { dynamodbUrl, awsUrl } = emulators;
  await Promise.all([fetch(dynamodbUrl), fetch(awsUrl)]);
  await open.pop()?.close();
  const again = await start({ dynamodbPort: portOf(dynamodbUrl), awsPort: portOf(awsUrl) });
  expect(again).toMatchObject({ dynamodbUrl, awsUrl });
});

test.each(['dynamodbPort', 'awsPort'] as const)(
  'a taken %s is one clear line, and nothing is left',
  async (name) => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const dataDir = directory();
    await expect(startEmulators({ [name]: port, dataDir })).rejects.toThrow(
      `port ${port} on 127.0.0.1 is taken: name another, or 0 for any`,
    );
    holder.close();
    expect(await tables(await start({ dataDir }))).toEqual([]);
  },
);

test('an address of another machine is one clear line', async () => {
  await expect(startEmulators({ address: '192.0.2.1' })).rejects.toThrow(
    '192.0.2.1 is not an address of this machine: name one that is',
  );
});

test('a directory that cannot be made is one clear line', async () => {
  await expect(startEmulators({ dataDir: '/dev/null/data' })).rejects.toThrow(
    /^the data directory \/dev\/null\/data cannot be written: .*; name another$/,
  );
});

test('a directory that is in use is one clear line, until it is not', async () => {
  const dataDir = directory();
  await start({ dataDir });
  await expect(startEmulators({ dataDir })).rejects.toThrow(
    `the data directory ${dataDir} is in use by process ${process.pid}: end that, or name another`,
  );
  await open.pop()?.close();
  expect(await tables(await start({ dataDir }))).toEqual([]);
});

test('a directory whose process has died is free', async () => {
  const dataDir = directory();
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  writeFileSync(join(dataDir, 'in-use-by'), String(dead));
  expect(await tables(await start({ dataDir }))).toEqual([]);
});

test('closing lets writes that have come in be done', async () => {
  const emulators = await startEmulators();
  await tables(emulators, 'filled');
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    endpoint: emulators.dynamodbUrl,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const batch = (first: number) => ({
    RequestItems: {
      filled: Array.from({ length: 25 }, (_, index) => ({
        PutRequest: { Item: { pk: { S: String(first + index) } } },
      })),
    },
  });
  await expect.poll(() => client.send(new BatchWriteItemCommand(batch(0))).catch(() => null)).not.toBeNull();
  const writes = Array.from({ length: 40 }, (_, index) =>
    client.send(new BatchWriteItemCommand(batch(25 * index))).then(
      () => 'done',
      () => 'cut off',
    ),
  );
  await Promise.race(writes);
  // An error of the store would end this process.
  await emulators.close();
  await Promise.all(writes);
  client.destroy();
});
