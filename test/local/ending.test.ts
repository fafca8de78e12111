import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PublishCommand } from '@aws-sdk/client-sns';
import { afterAll, afterEach, expect, test } from 'vitest';
import { openClients } from '../../lib/local/clients.ts';

const MAIN = fileURLToPath(new URL('../support/local-main.ts', import.meta.url));
const started: ChildProcess[] = [];
/** What a killed process could not remove. */
const temporary = mkdtempSync(join(tmpdir(), 'parallax-test-'));

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A running stack with a function process at rest and one that hangs and ignores SIGTERM. */
async function running() {
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: temporary },
  });
  started.push(child);
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const [line] = await once(lines, 'line');
  const { event, api } = JSON.parse(line);
  expect(event).toBe('ready');
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const { pid, environment } = (await (await fetch(`${api}/things/any`)).json()) as {
    readonly pid: number;
    readonly environment: Readonly<Record<string, string>>;
  };
  fetch(`${api}/slow`).catch(() => {});
  await expect.poll(() => childrenOf(child.pid).length).toBeGreaterThanOrEqual(2);
  const pids = childrenOf(child.pid);
  expect(pids).toContain(pid);
  return { child, pids, environment, complained: () => stderr };
}

function childrenOf(pid: number | undefined): readonly number[] {
  const found = linesOf('ps', ['-A', '-o', 'pid=,ppid=']);
  return found.flatMap((line) => {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    return parent === pid && child !== undefined ? [child] : [];
  });
}

function isAlive(pid: number): boolean {
  return linesOf('ps', ['-o', 'stat=', '-p', String(pid)]).some((state) => /^[^Z]/.test(state.trim()));
}

/** The lines a command prints; `ps` ends with 1 when there is no such process. */
function linesOf(command: string, args: readonly string[]): readonly string[] {
  return spawnSync(command, args, { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.trim() !== '');
}

afterAll(() => rmSync(temporary, { recursive: true, force: true }));

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends every child, also one that ignores it, with exit code 0',
  async (signal) => {
    const { child, pids } = await running();
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  },
);

test('when nobody reads its output any more it ends as by SIGINT, and says nothing of it', async () => {
  const { child, pids, environment, complained } = await running();
  child.stdout?.destroy();
  const clients = openClients({
    awsUrl: environment.AWS_ENDPOINT_URL_SNS ?? '',
    dynamodbUrl: environment.AWS_ENDPOINT_URL_DYNAMODB ?? '',
  });
  const exited = once(child, 'close');
  await clients.sns('eu-test-1').send(
    new PublishCommand({
      TopicArn: 'arn:aws:sns:eu-test-1:000000000000:local-alerts-json',
      Message: '{"event":"trigger"}',
    }),
  );
  clients.close();
  expect(await exited).toEqual([0, null]);
  expect(complained()).not.toMatch(/EPIPE|Error:/);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
});

test('a second SIGINT ends all at once', async () => {
  const { child, pids } = await running();
  child.kill('SIGINT');
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  expect([0, 130]).toContain(code);
  await expect.poll(() => pids.filter(isAlive)).toEqual([]);
});

test('when it is killed its functions end by themselves', async () => {
  const { child, pids } = await running();
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
});
