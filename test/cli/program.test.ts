import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../../lib/cli/program.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { runCli } from '../support/cli.ts';

const PARALLAX = fileURLToPath(new URL('../../bin/parallax.js', import.meta.url));

const temporary = mkdtempSync(join(tmpdir(), 'parallax-test-'));
const FREE = join(temporary, 'free');
const USED = join(temporary, 'used');
mkdirSync(USED);
writeFileSync(join(USED, 'in-use-by'), String(process.pid));
afterAll(() => rmSync(temporary, { recursive: true }));

function parallax(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PARALLAX, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

const mistakes: readonly { readonly args: readonly string[]; readonly says: RegExp }[] = [
  { args: ['local', '--port', '70000'], says: /--port 70000: write a number/ },
  { args: ['local', '--port', 'web'], says: /--port web/ },
  { args: ['local', '--regions', 'eu_1'], says: /--regions: "eu_1" is no usable region name/ },
  { args: ['local', '--regions', 'eu,eu'], says: /--regions: .*twice/ },
  { args: ['local', '--home', 'mars'], says: /--home mars: not one of --regions/ },
  { args: ['local', '--run-in', 'mars=ip'], says: /--run-in mars=ip: "mars" is not one of/ },
  { args: ['local', '--run-in', 'eu-west-1'], says: /--run-in eu-west-1: write REGION=/ },
  { args: ['local', '--run-in', "eu-west-1=ip 'netns"], says: /--run-in: .*quote is not closed/ },
  {
    args: ['local', '--run-in', `eu-west-1=sh -c 'echo "Cannot open \\"nope\\"" >&2; echo more >&2; exit 1'`],
    says: /^parallax: --run-in eu-west-1: sh -c .*: Cannot open "nope"$/m,
  },
  {
    args: ['local', '--run-in', 'eu-west-1=sh -c "exit 3"'],
    says: /--run-in eu-west-1: .*: .*exit code 3$/m,
  },
  {
    args: ['local', '--run-in', 'eu-west-1=/nowhere/ip netns exec eu'],
    says: /--run-in eu-west-1: \/nowhere\/ip netns exec eu: there is no such command$/m,
  },
  { args: ['local', '--run-in', 'us-east-1=echo'], says: /--run-in us-east-1: echo: it does not run what/ },
  { args: ['local', '--resolver', 'mars=127.0.0.1:53'], says: /--resolver mars/ },
  { args: ['local', '--resolver', 'eu-west-1=ns.example:53'], says: /--resolver: .*not ADDRESS:PORT/ },
  { args: ['local', '--control', 'nowhere'], says: /--control: "nowhere" is not HOST:PORT/ },
  { args: ['local', '--webhook', 'ftp://example.com/'], says: /--webhook .*http or https/ },
  { args: ['local', '--webhook', 'pager=http://127.0.0.1/'], says: /"pager" is not one of --formats/ },
  {
    args: ['local', '--formats', 'sms,chat'],
    says: /--formats sms,chat: the demo reads .* json; add that, or/,
  },
  { args: ['local', '--formats', 'fax'], says: /--formats: "fax" is no alert format/ },
  { args: ['local', '--remind', '1'], says: /--remind: 1 is out of range; write 0 \(never\) or 5 to/ },
  { args: ['local', '--remind', 'often'], says: /--remind: .*write 0 \(never\) or 5 to/ },
  { args: ['local', '--data', '/proc/nowhere'], says: /--data \/proc\/nowhere: cannot be written/ },
  { args: ['local', '--port', '0', '--listen', '192.0.2.1'], says: /--listen: .*192\.0\.2\.1/ },
  {
    args: ['local', '--port', '0', '--port', '0', '--listen', '192.0.2.1', '--data', FREE],
    says: /^parallax: --listen: .*192\.0\.2\.1/,
  },
  {
    args: ['local', '--port', '0', '--data', USED],
    says: /^parallax: --data: the data directory .* is in use by process/,
  },
  { args: ['local', '--fast'], says: /unknown option '--fast'/ },
  { args: ['locale'], says: /unknown command 'locale'/ },
  { args: ['status', '--api', 'nowhere'], says: /--api nowhere/ },
  { args: ['ack'], says: /missing required argument 'id'/ },
  { args: ['ack', 'shop', '--api', 'nowhere'], says: /--api nowhere/ },
  {
    args: ['ack', 'shop', '--until', 'tomorrow'],
    says: /--until tomorrow: write 30m, 2h, 1d or a time such as/,
  },
  { args: ['mute', 'shop'], says: /mute: say until when: --until 2h; or --off/ },
  { args: ['mute', 'shop', '--until', '2h30'], says: /--until 2h30: write/ },
];
describe('a mistake is one clear line and exit code 2', () => {
  test.each(mistakes)('$args', async ({ args, says }) => {
    const { code: status, stdout, stderr } = await runCli(...args);
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

test('a port that is taken is a mistake too', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { status, stderr } = parallax('local', '--port', String(port));
  other.close();
  expect(stderr).toBe(`parallax: --port ${port}: something else listens there; name another, or 0 for any\n`);
  expect(status).toBe(2);
});

test('an API that is not there is one line and exit code 1', () => {
  const { status, stderr } = parallax('status', '--api', 'http://127.0.0.1:1');
  expect(stderr).toMatch(
    /^parallax: http:\/\/127\.0\.0\.1:1 cannot be reached: is parallax local running there\?.*\n$/,
  );
  expect(status).toBe(1);
});

test('whoever completes a word does not wait for an API that is silent', async () => {
  // It takes connections and never answers.
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const words = ['status', '--api', `http://127.0.0.1:${port}`, ''];
  const child = spawn(process.execPath, [PARALLAX, 'complete', '--', ...words]);
  const written: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => written.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => written.push(chunk));
  const [socket] = await once(silent, 'connection');
  const asked = performance.now();
  const [code] = await once(child, 'close');
  const waitedMs = performance.now() - asked;
  socket.destroy();
  silent.close();
  expect([code, Buffer.concat(written).toString()]).toEqual([0, ':4\n']);
  expect(waitedMs).toBeLessThan(5000);
});

test('whoever stops reading is no error', async () => {
  const child = spawn(process.execPath, [PARALLAX, 'schema']);
  // Long before a word of it is written.
  child.stdout.destroy();
  const complaints: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  const [code] = await once(child, 'close');
  expect([code, Buffer.concat(complaints).toString()]).toEqual([0, '']);
});

test('help is there with examples, and exit code 0', () => {
  const { status, stdout } = parallax('local', '--help');
  expect(status).toBe(0);
  for (const option of ['--regions', '--no-demo', '--run-in', 'Examples']) expect(stdout).toContain(option);
});

/** This Node, which says that it is an older one. */
const older = [
  '--import',
  `data:text/javascript,${encodeURIComponent("Object.defineProperty(process.versions, 'node', { value: '20.1.0' })")}`,
];

test('under an older Node the one that npm ci installs takes over; where there is none, one line says what to do', () => {
  const { status, stdout } = spawnSync(process.execPath, [...older, PARALLAX, '--version'], {
    encoding: 'utf8',
  });
  expect([status, stdout.trim()]).toEqual([0, packageJson.version]);
  const alone = join(temporary, 'parallax.mjs');
  copyFileSync(PARALLAX, alone);
  const told = spawnSync(process.execPath, [...older, alone, '--version'], { encoding: 'utf8' });
  expect(told.stderr).toBe(
    'parallax: Node 24 is needed, this is 20.1.0: run npm ci, which installs it beside this\n',
  );
  expect(told.status).toBe(1);
});

test('what npx finds is the file itself, and can be executed', () => {
  expect(packageJson.bin.parallax).toBe('bin/parallax.js');
  expect(spawnSync(PARALLAX, ['--version'], { encoding: 'utf8' }).stdout.trim()).toBe(packageJson.version);
});

test('what a pipeline pipes into a file has no colours', () => {
  const { NO_COLOR: _, FORCE_COLOR: __, ...plain } = process.env;
  const bill = ['cost', '--endpoints', '10', '--regions', 'eu-west-1', '--interval', '60'];
  const env = { ...plain, CI: 'true' };
  const { stdout } = spawnSync(process.execPath, [PARALLAX, ...bill], { encoding: 'utf8', env });
  expect(stdout).toContain('DynamoDB');
  expect(stdout).not.toContain('\u001b[');
});

test('every command says what it is for', () => {
  for (const command of buildProgram().commands) expect(command.description()).not.toBe('');
});

test('every command is in docs/command-line.md', () => {
  const page = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
  const names = buildProgram().commands.map((command) => command.name());
  // `complete` is what the scripts of `completion` ask.
  const missing = names.filter((name) => name !== 'complete' && !new RegExp(`\`${name}\\b`).test(page));
  expect(missing).toEqual([]);
});
