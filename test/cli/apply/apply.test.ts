import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../../../lib/cli/api-client.ts';
import { carryOut } from '../../../lib/cli/apply/carry-out.ts';
import { readAll } from '../../../lib/cli/apply/deployment.ts';
import { readMonitorFile } from '../../../lib/cli/apply/file.ts';
import { type Change, planOf } from '../../../lib/cli/apply/plan.ts';
import { startTestApi } from '../../support/api.ts';
import { serveTestApi } from '../../support/api-server.ts';

const PARALLAX = fileURLToPath(new URL('../../../bin/parallax.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'parallax-apply-'));

let instead: (request: IncomingMessage) => Promise<{ status: number; body: unknown } | null>;
const api = await startTestApi({ allowPrivateAddresses: false, ipv6: false });
const server = await serveTestApi(api, (request) => instead(request));
beforeEach(() => {
  instead = async () => null;
  server.asked.length = 0;
});
afterAll(async () => {
  server.close();
  await api.close();
  rmSync(directory, { recursive: true });
});

function parallax(...args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const words = [PARALLAX, ...args, '--api', server.url];
    execFile(process.execPath, words, { cwd: directory }, (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, stdout, stderr });
    });
  });
}

const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
const changed = (): string[] => server.asked.filter((line) => !line.startsWith('GET'));

/** A file of endpoints `${scope}-0` and so on. */
function fileOf(scope: string, count: number, port = 443): string {
  const each = Array.from({ length: count }, (_, i) => `  ${scope}-${i}: {host: h${i}.example.com}`);
  return `scope: ${scope}\ndefaults: {port: ${port}, handshake: tls}\nendpoints:\n${each.join('\n')}\n`;
}

/** What a run would do, planned now and done later. */
async function changesOf(text: string, prune = false): Promise<readonly Change[]> {
  const read = readMonitorFile(text);
  if ('mistakes' in read) throw new Error('refused', { cause: read.mistakes });
  const ids = read.file.endpoints.map(({ id }) => id);
  const deployed = await readAll(connect({ api: server.url, sign: false }), ids);
  return planOf(read.file, deployed, { prune, takeOver: false }).changes;
}

const doneOf = async (changes: readonly Change[]) =>
  (await carryOut(connect({ api: server.url, sign: false }), changes, () => {}, [1, 1])).map(
    ({ change, error }) => `${change.action} ${change.id}: ${error}`,
  );

describe('the command', () => {
  test('fifty endpoints, applied twice: the second time there is nothing to do', async () => {
    write('parallax.yaml', fileOf('fifty', 50));
    const dry = await parallax('apply', '--dry-run');
    expect(dry).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\+ fifty-0 {2}h0.example.com:443 tls\n/),
    });
    expect(dry.stdout).toMatch(/\n50 to add, 0 to change, 0 to remove, 0 unchanged\n$/);
    expect((await api.call('GET', '/endpoints?tag=scope:fifty')).body.items).toEqual([]);
    expect(await parallax('apply')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/\n50 added\n$/),
    });
    server.asked.length = 0;
    const again = await parallax('apply', '--prune');
    expect(again).toEqual({ code: 0, stdout: 'nothing to do: 50 unchanged\n', stderr: '' });
    expect(changed()).toEqual([]);
    const exported = await parallax('export', '--tag', 'scope:fifty');
    expect(exported.stdout).toMatch(/^# yaml-language-server: \$schema=parallax.schema.json\n/);
    write('exported.yaml', exported.stdout);
    expect((await parallax('apply', 'exported.yaml', '--prune')).stdout).toBe(
      'nothing to do: 50 unchanged\n',
    );
  });

  test('changes are shown field by field; removing has to be agreed to', async () => {
    write('few.yaml', fileOf('few', 3));
    await parallax('apply', 'few.yaml');
    write('few.yaml', fileOf('few', 2, 8443));
    const kept = await parallax('apply', 'few.yaml');
    expect(kept.stdout).toBe(`~ few-0
    port  443 → 8443
~ few-1
    port  443 → 8443

0 to add, 2 to change, 0 to remove, 0 unchanged
not in few.yaml, removed with --prune: few-2
2 changed
`);
    const asked = await parallax('apply', 'few.yaml', '--prune');
    expect(asked.stderr).toBe('parallax: --prune removes 1 endpoint: add --yes; nothing has been changed\n');
    expect(asked.code).toBe(2);
    const { stdout, code } = await parallax('apply', 'few.yaml', '--prune', '--yes', '--json');
    expect(JSON.parse(stdout)).toEqual({
      changes: [{ id: 'few-2', action: 'remove', fields: [], done: true, error: null }],
      unchanged: 2,
      left: [],
    });
    expect(code).toBe(0);
    expect((await api.call('GET', '/endpoints/few-2')).status).toBe(404);
  });

  test('what only the deployment can refuse has its line too, and nothing is changed', async () => {
    write(
      'bad.yaml',
      `endpoints:
  fine: {host: a.example.com, port: 443, handshake: tls}
  inside:
    host: 10.0.0.1
    port: 443
    handshake: tls
    regions: [eu-west-1, mars]
`,
    );
    const { code, stdout, stderr } = await parallax('apply', 'bad.yaml');
    expect(stderr).toBe(
      `bad.yaml:4:5 endpoints.inside.host: is a private or reserved address: it must be reachable from the internet
bad.yaml:7:26 endpoints.inside.regions[1]: must be "all" or some of eu-west-1, us-east-1, ap-southeast-2; "mars" is not one of them
`,
    );
    expect([code, stdout]).toEqual([2, '']);
    expect((await api.call('GET', '/endpoints/fine')).status).toBe(404);
  });

  test('mistakes are lines on stderr and one object with --json; the API is not asked', async () => {
    write('wrong.yaml', 'endpoints:\n  a: {host: a, port: 0, handshake: tls}\n');
    const { code, stdout, stderr } = await parallax('apply', 'wrong.yaml', '--json');
    const message = 'must be a whole number from 1 to 65535';
    expect(stderr).toBe(`wrong.yaml:2:16 endpoints.a.port: ${message}\n`);
    expect(JSON.parse(stdout)).toEqual({
      mistakes: [{ line: 2, column: 16, path: 'endpoints.a.port', message }],
    });
    expect([code, server.asked]).toEqual([2, []]);
  });

  test('of what is another scope’s, of no file and of no scope one line is said', async () => {
    write('ours.yaml', fileOf('ours', 1));
    await parallax('apply', 'ours.yaml');
    write('theirs.yaml', fileOf('ours', 1).replace('scope: ours', 'scope: theirs'));
    const taken = await parallax('apply', 'theirs.yaml');
    expect(taken.stderr).toBe(
      'theirs.yaml:4:3 endpoints.ours-0: belongs to scope ours: choose another id, or take it over with --take-over\n',
    );
    expect(taken.code).toBe(2);
    expect((await parallax('apply', 'theirs.yaml', '--take-over')).stdout).toContain(
      '["scope:ours"] → ["scope:theirs"]',
    );
    expect((await parallax('apply', 'nowhere.yaml')).stderr).toBe(
      'parallax: nowhere.yaml: there is no such file\n',
    );
    write('bare.yaml', 'endpoints: {}\n');
    expect((await parallax('apply', 'bare.yaml', '--prune')).stderr).toMatch(
      /^parallax: --prune: bare.yaml needs a line/,
    );
  });

  test('what failed is told, what was done too, and the exit code is 1', async () => {
    write('part.yaml', fileOf('part', 3));
    instead = async ({ method, url, headers }) =>
      method === 'PUT' && url === '/endpoints/part-1' && headers['if-none-match']
        ? { status: 500, body: { detail: 'something failed here' } }
        : null;
    const { code, stdout, stderr } = await parallax('apply', 'part.yaml');
    expect(stdout).toMatch(/\n2 added, 1 failed\n$/);
    expect(stderr).toBe('parallax: part-1: something failed here\n');
    expect(code).toBe(1);
  });
});

describe('together with others', () => {
  test('what somebody else changed meanwhile is left alone; what became the same is done', async () => {
    await doneOf(await changesOf(fileOf('both', 3)));
    const changes = await changesOf(fileOf('both', 2, 8443), true);
    const body = (i: number, port: number) => ({
      host: `h${i}.example.com`,
      port,
      handshake: 'tls',
      tags: ['scope:both'],
    });
    await api.call('PUT', '/endpoints/both-0', body(0, 9443));
    await api.call('PUT', '/endpoints/both-1', body(1, 8443));
    await api.call('DELETE', '/endpoints/both-2');
    expect(await doneOf(changes)).toEqual([
      'change both-0: somebody else changed it meanwhile: it was left alone, apply again to see what is different now',
      'change both-1: null',
      'remove both-2: null',
    ]);
    expect((await api.call('GET', '/endpoints/both-0')).body.port).toBe(9443);
  });

  test('two runs of one file at the same time both succeed', async () => {
    const [one, other] = await Promise.all([changesOf(fileOf('twice', 8)), changesOf(fileOf('twice', 8))]);
    for (const done of await Promise.all([doneOf(one), doneOf(other)])) {
      expect(done).toEqual(Array.from({ length: 8 }, (_, i) => `add twice-${i}: null`));
    }
  });

  test('an id that is being removed still is waited for', async () => {
    await doneOf(await changesOf(fileOf('gone', 1)));
    await api.call('DELETE', '/endpoints/gone-0');
    let refused = 0;
    instead = async ({ method }) => {
      if (method !== 'PUT' || refused === 2) return null;
      refused += 1;
      return { status: 409, body: { detail: 'endpoint gone-0 is still being deleted' } };
    };
    const [still] = await doneOf(await changesOf(fileOf('gone', 1)));
    // The judge, which removes it, is not part of this stack.
    expect(still).toMatch(/^add gone-0: endpoint gone-0 is still being deleted/);
    refused = 0;
    const [waited] = await doneOf(await changesOf(fileOf('late', 1)));
    expect(waited).toBe('add late-0: null');
  });

  test('without credentials the rest is not tried', async () => {
    const changes = await changesOf(fileOf('cut', 20));
    server.asked.length = 0;
    instead = async () => ({ status: 403, body: { message: 'Forbidden' } });
    const done = await doneOf(changes);
    expect(done[0]).toMatch(/wants a signature/);
    expect(done.at(-1)).toBe('add cut-19: not tried any more');
    expect(server.asked.length).toBeLessThan(10);
  });
});
