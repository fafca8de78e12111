import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import parsePrometheus from 'parse-prometheus-text-format';
import { afterEach, expect, test } from 'vitest';
import type { AlertEvent, RoundEvent } from '../../lib/local/event.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What issue and design promise, from the prompt on and from the lifting of the fault on. */
const PROMISED_MS = 90_000;

type Line =
  | RoundEvent
  | AlertEvent
  | { readonly event: 'ready' | 'demo'; readonly api?: string; readonly text?: string };

interface JsonAlert {
  readonly event: string;
  readonly kind: string;
  readonly dedupKey: string;
  readonly commands: readonly string[];
  readonly endpoint: { readonly id: string } | null;
  readonly failingRegions: readonly string[];
  readonly listeningRegions: readonly string[];
  readonly regions: readonly {
    readonly region: string;
    readonly state: string;
    readonly timings: { readonly tcpMs?: number; readonly tlsMs?: number; readonly http2Ms?: number };
  }[];
}

let group: ChildProcess | null = null;
afterEach(() => {
  if (group?.pid !== undefined && group.exitCode === null && group.signalCode === null)
    process.kill(-group.pid, 'SIGKILL');
});

test('npm start shows a partial outage and its end without being asked, and leaves nothing behind', {
  timeout: 2 * PROMISED_MS + 60_000,
}, async () => {
  const child = spawn('npm', ['start', '--silent', '--', '--json', '--port', '0'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  group = child;
  const begun = performance.now();
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const seen: Line[] = [];
  const until = async (fits: (line: Line) => boolean): Promise<Line> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`it ended early after: ${JSON.stringify(seen.slice(-5))}`);
      const line: Line = JSON.parse(value);
      seen.push(line);
      if (fits(line)) return line;
    }
  };
  const shopAlert = async (event: string): Promise<JsonAlert> => {
    const line = await until((candidate) => {
      if (candidate.event !== 'alert' || candidate.topic !== 'json') return false;
      const alert = candidate.alert as JsonAlert;
      return alert.event === event && alert.endpoint?.id === 'demo-shop';
    });
    return (line as AlertEvent).alert as JsonAlert;
  };

  const ready = await until(() => true);
  expect(ready).toEqual({ event: 'ready', api: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });

  const api = `${ready.event === 'ready' ? ready.api : ''}`;
  const mute = (tag: string) =>
    fetch(`${api}/mutes/tags/${tag}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ until: new Date(Date.now() + 3_600_000).toISOString() }),
    });
  // A tag is one segment of the path, whatever is in it.
  expect((await mute(encodeURIComponent('Größe: 100 + ☂'))).status).toBe(200);
  expect((await mute('a%2Fb')).status).toBe(400);

  const trigger = await shopAlert('trigger');
  // It listens on a port of its own, and its alerts say so.
  expect(trigger.commands).toContain(`PARALLAX_API=${api} npm run parallax -- ack demo-shop`);
  expect(performance.now() - begun).toBeLessThan(PROMISED_MS);
  expect(trigger).toMatchObject({
    kind: 'partial',
    failingRegions: ['ap-southeast-2'],
    listeningRegions: ['eu-west-1', 'us-east-1'],
  });
  for (const report of trigger.regions.filter(({ region }) => trigger.listeningRegions.includes(region))) {
    expect(report).toMatchObject({
      state: 'passing',
      timings: { tcpMs: expect.any(Number), tlsMs: expect.any(Number), http2Ms: expect.any(Number) },
    });
  }

  const check = await parallax('check', 'demo-api', '--everywhere', '--json', '--api', api);
  expect(JSON.parse(check)).toMatchObject({
    complete: true,
    rule: 'reachable',
    regions: trigger.regions.map(({ region }) => ({ region, answer: 'answered', state: 'passing' })),
  });
  const scraped = parsePrometheus(await (await fetch(`${api}/metrics`)).text());
  const successes = scraped.find(({ name }) => name === 'probe_success')?.metrics;
  const ofShop = successes?.filter(({ labels }) => labels?.endpoint === 'demo-shop');
  expect(new Map(ofShop?.map(({ labels, value }) => [labels?.region, value]))).toEqual(
    new Map([
      ['eu-west-1', '1'],
      ['us-east-1', '1'],
      ['ap-southeast-2', '0'],
    ]),
  );

  await until((line) => line.event === 'demo' && line.text === 'the fault is lifted');
  const lifted = performance.now();
  const resolve = await shopAlert('resolve');
  expect(performance.now() - lifted).toBeLessThan(PROMISED_MS);
  expect(resolve).toMatchObject({ dedupKey: trigger.dedupKey, failingRegions: [] });
  const rounds = seen.filter((line): line is RoundEvent => line.event === 'round');
  expect(new Set(rounds.map(({ region }) => region))).toEqual(
    new Set(['eu-west-1', 'us-east-1', 'ap-southeast-2']),
  );

  const before = descendantsOf(child.pid ?? 0);
  expect(before.length).toBeGreaterThan(3);
  // To the stack itself: npm's shell would die of the signal and say so in npm's exit code.
  process.kill(stackBelow(before), 'SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
  await expect.poll(() => before.filter((pid) => table().has(pid)), { timeout: 5000 }).toEqual([]);
});

/** What a command writes. @throws unless its exit code is 0. */
async function parallax(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, ['bin/parallax.js', ...args], { cwd: ROOT })).stdout;
}

/** Parent by process; those that are dead and only wait to be collected left out. */
function table(): ReadonlyMap<number, number> {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  return new Map(
    stdout.split('\n').flatMap((line) => {
      const [pid, parent, state] = line.trim().split(/\s+/);
      return state && !state.startsWith('Z') ? [[Number(pid), Number(parent)] as const] : [];
    }),
  );
}

/** The process of the stack, among npm, its shell and the functions. */
function stackBelow(pids: readonly number[]): number {
  const stack = pids.find((pid) => {
    const { stdout } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
    return /^\S*node \S*bin\/parallax\.js local/.test(stdout);
  });
  if (stack === undefined) throw new Error('the stack is not among the processes below npm');
  return stack;
}

function descendantsOf(pid: number): readonly number[] {
  const parents = table();
  const below = (of: number): number[] =>
    [...parents].flatMap(([child, parent]) => (parent === of ? [child, ...below(child)] : []));
  return below(pid);
}
