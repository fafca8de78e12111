import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCheck, type WrittenCheck } from '../../../lib/cli/check/run.ts';
import { repeat, tallyLine, worst } from '../../../lib/cli/check/watch.ts';
import { UsageError } from '../../../lib/local/usage-error.ts';
import { type Peer, refusedPort, tcpServer } from '../../support/servers.ts';

const PARALLAX = fileURLToPath(new URL('../../../bin/parallax.js', import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function parallax(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [PARALLAX, 'check', ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

let shop: Peer;
let nobody: Peer;
let server: Server;
let api: string;
const asked: unknown[] = [];
let looks = 0;

const ANSWERED = { answer: 'answered', state: 'passing', outcome: 'ok', stage: 'tcp', timings: { tcpMs: 1 } };
const region = (name: string, rest: object) => ({
  region: name,
  answer: 'pending',
  state: 'unknown',
  stage: null,
  outcome: null,
  reason: null,
  address: null,
  sourceAddress: null,
  certificate: null,
  tcpClock: 'kernel',
  tainted: [],
  synRetransmits: 0,
  timings: {},
  ...rest,
});
const check = (complete: boolean) => ({
  id: '3f2a91c04be7d815',
  at: '2026-11-21T03:12:05.000Z',
  complete,
  endpoint: null,
  target: { host: 'shop.test', port: 80, handshake: 'tcp' },
  rule: complete ? 'reachable' : null,
  regions: [region('eu-west-1', ANSWERED), region('us-east-1', complete ? ANSWERED : {})],
  certificates: [],
  checklist: [],
});

beforeAll(async () => {
  shop = await tcpServer();
  nobody = await refusedPort();
  // As POST /checks and GET /checks/{id} answer; test/api/checks.test.ts says that they do.
  server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    if (request.method === 'POST') asked.push(JSON.parse(text));
    else looks += 1;
    const refused = text.includes('"port":25');
    const problem = { status: 400, detail: 'port must not be 25: AWS Lambda cannot connect to it' };
    response.writeHead(refused ? 400 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(refused ? problem : check(request.method === 'GET' && looks > 1)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await shop.close();
  server.close();
});

describe.concurrent('the exit code says how it ended', () => {
  test('0: it passes; JSON is one object on one line where nobody looks', async () => {
    const { code, stdout } = await parallax(`127.0.0.1:${shop.port}`, '--json');
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ result: 'passing', timings: { tcpMs: expect.any(Number) } });
  });

  test('1: it fails; without colours where nobody looks', async () => {
    const { code, stdout } = await parallax(`127.0.0.1:${nobody.port}`);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✖ failing[\s\S]*tcp refused[\s\S]*Look first/);
    expect(stdout).not.toContain('\x1b');
  });

  test('2: it is not understood', async () => {
    const { code, stdout, stderr } = await parallax('shop');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^parallax: shop: write HOST:PORT, .*--everywhere\n$/);
  });

  test('3: the API cannot be asked', async () => {
    const { code, stderr } = await parallax('shop.test:80', '--everywhere', '--api', 'http://127.0.0.1:1');
    expect(code).toBe(3);
    expect(stderr).toMatch(/^parallax: http:\/\/127\.0\.0\.1:1 cannot be reached.*\n$/);
  });
});

const PLAIN: WrittenCheck = {
  api: 'http://127.0.0.1:1',
  sign: false,
  json: false,
  everywhere: false,
  watch: false,
};

test.each<readonly [string | undefined, Partial<WrittenCheck>, RegExp]>([
  [undefined, {}, /write HOST:PORT/],
  ['shop.test:80', { every: '5' }, /--every: is for --watch/],
  ['shop.test:80', { watch: true, every: '0' }, /--every 0: write a number of seconds from 1/],
  ['shop.test:80', { watch: true, everywhere: true, every: '2' }, /--every 2: .* from 5/],
  ['shop.test:80', { watch: true, every: 'often' }, /--every often/],
  ['shop.test:80', { id: 'x' }, /--id: .*leave out/],
  ['shop.test:80', { regions: 'a' }, /--regions: is for --everywhere/],
  ['shop.test:80', { resolver: 'ns.test' }, /--resolver ns\.test: write ADDRESS/],
  ['shop.test:80', { resolver: '192.0.2.53', everywhere: true }, /--resolver: regions ask their own/],
  ['shop', { everywhere: true, handshake: 'tls' }, /shop: an endpoint is tried as it is registered/],
])('%s %j is refused', async (what, written, says) => {
  const refused = runCheck(what, { ...PLAIN, ...written }, new AbortController().signal);
  await expect(refused).rejects.toThrow(says);
  await expect(refused).rejects.toBeInstanceOf(UsageError);
});

test('everywhere: a line as each region answers, then what it means', async () => {
  const { code, stdout } = await parallax('shop.test:80', '--everywhere', '--regions', 'a,b', '--api', api);
  expect(code).toBe(0);
  expect(asked).toMatchObject([{ host: 'shop.test', port: 80, handshake: 'tcp', regions: ['a', 'b'] }]);
  expect(stdout.split('\n').slice(0, 3)).toEqual([
    'eu-west-1  ● passing  tcp 1.0 ms',
    'us-east-1  ● passing  tcp 1.0 ms',
    '● reachable: every region gets through',
  ]);
  const again = await parallax('--id', '3f2a91c04be7d815', '--json', '--api', api);
  expect([again.code, JSON.parse(again.stdout)]).toMatchObject([0, { complete: true }]);
  const refused = await parallax('shop.test:25', '--everywhere', '--api', api);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    'parallax: port must not be 25: AWS Lambda cannot connect to it\n',
  ]);
});

test('what is repeated is counted until the signal, and what is under way is not waited for', async () => {
  const stop = new AbortController();
  const results = ['passing', 'failing'] as const;
  let calls = 0;
  const tally = await repeat(
    () => {
      const result = results[calls];
      calls += 1;
      if (result !== undefined) return Promise.resolve(result);
      stop.abort();
      return new Promise(() => {});
    },
    0,
    stop.signal,
  );
  expect(tally).toEqual({ passing: 1, failing: 1, inconclusive: 0 });
  expect(tallyLine(tally)).toBe('2 tries: 1 passing, 1 failing');
  expect(worst(tally)).toBe('failing');
  expect(worst({ passing: 0, failing: 0, inconclusive: 0 })).toBe('inconclusive');
});
