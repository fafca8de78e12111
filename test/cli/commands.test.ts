import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { saveState } from '../../lib/store/state.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { type Ran, runCli } from '../support/cli.ts';
import { startAnswers } from '../support/http-answers.ts';
import { incidentOf, register, stateOf } from '../support/stored.ts';

let api: TestApi;
let server: Awaited<ReturnType<typeof startAnswers>>;

beforeAll(async () => {
  api = await startTestApi({}, { formats: ['json', 'sms'], silentFormats: ['sms'] });
  // The API itself, over HTTP.
  server = await startAnswers(async ({ method, target, headers, body }) => {
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const answer = await api.call(method, target, undefined, {
      headers: sent,
      ...(body.length > 0 ? { raw: body.toString() } : {}),
    });
    return { status: answer.status, headers: answer.headers as Record<string, string>, body: answer.body };
  });
  vi.stubEnv('PARALLAX_API', server.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  server.close();
  await api.close();
});

async function parallax(...args: readonly string[]): Promise<Ran> {
  const ran = await runCli(...args);
  return { ...ran, stdout: stripVTControlCharacters(ran.stdout) };
}

/** What is printed, where all is well. */
async function shown(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await parallax(...args);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout;
}

/** The one line on stderr, and the exit code. */
async function refused(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await parallax(...args);
  expect(stdout).toBe('');
  expect(stderr.split('\n')).toHaveLength(2);
  // Whoever types options is not told of routes, nor of the API's fields.
  expect(stderr).not.toMatch(/\b(?:GET|PUT|POST|PATCH|DELETE) \/|\b(?!dedupKey)[a-z]+[A-Z]/);
  return `${code} ${stderr.trimEnd().replace(/^parallax: /, '')}`;
}

describe('endpoints', () => {
  test('are added, listed, shown, changed and removed', async () => {
    expect(await shown('endpoints')).toBe('no endpoints\n');
    const settings = ['--handshake', 'tls', '--team', 'web', '--tag', 'a', '--tag', 'b'];
    const added = await shown('endpoints', 'add', 'shop', 'shop.example.com:443', ...settings);
    expect(added).toBe(
      'shop: shop.example.com:443 (tls) is watched from all regions, every 60 s; see parallax status shop\n',
    );
    const disabled = ['--handshake', 'tcp', '--no-enabled'];
    expect(await shown('endpoints', 'add', 'db', '[2001:db8::7]:5432', ...disabled)).toBe(
      'db: [2001:db8::7]:5432 (tcp) is kept, and not watched; see parallax status db\n',
    );
    expect(await shown('endpoints', '--team', 'web')).toMatch(
      /│ shop +│ shop\.example\.com:443 +│ tls +│ 60 s +│ 30 s +│ all +│ web +│ a /,
    );
    expect(await shown('endpoints', 'list', '--tag', 'none')).toBe('no endpoint has the tag "none"\n');
    const set = [
      '--interval',
      '30',
      '--team',
      '',
      '--tag',
      '',
      '--severity',
      'partial=P1',
      '--target',
      'x.example:22',
    ];
    expect(await shown('endpoints', 'set', 'shop', ...set)).toMatch(
      /^shop: x\.example:22 \(tls\) .* every 30 s/,
    );
    expect(JSON.parse(await shown('endpoints', 'show', 'shop', '--json'))).toMatchObject({
      host: 'x.example',
      port: 22,
      serverName: 'x.example',
      intervalSeconds: 30,
      tags: [],
      severities: { partial: 'P1' },
      revision: 2,
    });
    expect(await shown('endpoints', 'show', 'shop')).toMatch(/^id +shop\nhost +x\.example$/m);
    expect(await shown('endpoints', 'rm', 'shop')).toMatch(/^shop: no longer watched/);
    expect(await shown('endpoints', 'list')).toMatch(/│ db +│ \[2001:db8::7\]:5432 +│ disabled /);
    expect(await shown('endpoints')).not.toContain('shop');
  });

  test('cannot be added twice, nor be what they cannot be', async () => {
    await shown('endpoints', 'add', 'pay', 'pay.example.com:443', '--handshake', 'tcp');
    expect(await refused('endpoints', 'add', 'pay', 'pay.example.com:443', '--handshake', 'tcp')).toBe(
      '1 there is an endpoint pay already: change it with parallax endpoints set pay',
    );
    expect(await refused('endpoints', 'set', 'pay', '--interval', '7', '--alert-after', '4000')).toMatch(
      /^1 --interval must be one of .*; --alert-after must be a whole number from 0 to 3600$/,
    );
    expect(await refused('endpoints', 'show', 'nope')).toMatch(/^1 there is no endpoint "nope"/);
  });

  test.each([
    [['endpoints', 'add', 'x', 'x.example', '--handshake', 'tcp'], /^2 x\.example: write HOST:PORT/],
    [['endpoints', 'add', 'x', 'x.example:22'], /^2 required option '--handshake <stage>' not specified/],
    [
      ['endpoints', 'add', 'x', 'x.example:22', '--handshake', 'udp'],
      /^2 .*Allowed choices are tcp, tls, http2/,
    ],
    [['endpoints', 'set', 'x'], /^2 endpoints set x: say what is to be changed/],
    [['endpoints', 'set', 'x', '--interval', 'fast'], /^2 --interval fast: write a whole number of seconds/],
    [
      ['endpoints', 'set', 'x', '--severity', 'partial'],
      /^2 --severity partial: write a kind and P1, P2 or P3/,
    ],
    [['endpoints', 'lst'], /^2 unknown command 'endpoints lst': did you mean endpoints list\?$/],
    [['endpoints', 'xyz'], /^2 unknown command 'endpoints xyz': write one of list, show, add, set, remove$/],
    [['statsu'], /^2 unknown command 'statsu': did you mean status\?$/],
    [['xyzzy'], /^2 unknown command 'xyzzy': see parallax --help$/],
    [['help', 'chekc'], /^2 unknown command 'chekc': did you mean check\?$/],
    [['help', 'xyzzy'], /^2 unknown command 'xyzzy': see parallax --help$/],
    [['help', 'endpoints', 'xyzzy'], /^2 unknown command 'xyzzy': see parallax endpoints --help$/],
    [['status', '--trubled'], /^2 unknown option '--trubled': did you mean --troubled\?$/],
    [['incidents', '--sinec', '7d'], /^2 unknown option '--sinec': did you mean --since\?$/],
    [['endpoints', 'set', 'x', '--xyzzy'], /^2 unknown option '--xyzzy': see parallax endpoints set --help$/],
    [['status', '--team'], /^2 option '--team <team>' argument missing: see parallax status --help$/],
    [['ack'], /^2 missing required argument 'id': see parallax ack --help$/],
    [['mutes', 'x'], /^2 too many arguments for 'mutes'.*: x: see parallax mutes --help$/],
    [['cost'], /^2 required option '--endpoints <number>' not specified: see parallax cost --help$/],
    [['incidents', '--since', 'noon'], /^2 --since noon: write 30m, 2h, 1d or a time/],
    [['mute', '--until', '1h'], /^2 mute: say what: the id of an endpoint, or --tag/],
    [['mute', 'a', '--tag', 'b', '--until', '1h'], /^2 mute: say what/],
    [['mute', 'a'], /^2 mute: say until when: --until 2h/],
    [['maintenance', 'add', 'm', '--until', '1h'], /^2 maintenance: say of what/],
    [['maintenance', 'add', 'm', '--all', '--tags', 'a'], /^2 maintenance: say of what/],
    [['maintenance', 'add', 'm', '--all'], /^2 maintenance: say when/],
    [
      ['maintenance', 'add', 'm', '--all', '--cron', '0 2 * * SUN'],
      /^2 maintenance: --cron wants --time-zone/,
    ],
    [
      ['maintenance', 'add', 'm', '--all', '--until', '1h', '--minutes', '5'],
      /^2 maintenance: .* go with --cron/,
    ],
    [['status', 'shop', '--troubled'], /^2 status shop: one endpoint cannot be filtered/],
    [['status', '--state', 'down'], /^2 .*Allowed choices are passing/],
    [['completion', 'tcsh'], /^2 .*Allowed choices are zsh, bash, fish, powershell/],
  ])('a mistake is one line: %j', async (args, says) => {
    expect(await refused(...args)).toMatch(says);
  });
});

describe('what the API refuses is told in the words of the command line', () => {
  beforeAll(() => shown('endpoints', 'add', 'worded', 'a.example:443', '--handshake', 'tls'));
  const add = ['endpoints', 'add', 'x', 'x.example:443', '--handshake', 'tls'];
  const maintain = ['maintenance', 'add', 'm', '--all'];
  const night = ['--cron', '0 2 * * *', '--time-zone', 'UTC', '--minutes', '60'];

  test.each([
    [
      ['endpoints', 'add', 'X!', 'x.example:443', '--handshake', 'tls'],
      /^1 the id must be 1 to 63 lower-case/,
    ],
    [['endpoints', 'add', 'x', 'x/y:443', '--handshake', 'tls'], /^1 the host must be without a path/],
    [
      ['endpoints', 'add', 'x', 'x.example:99999', '--handshake', 'tls'],
      /^1 the port must be a whole number/,
    ],
    [[...add, '--server-name', '192.0.2.1'], /^1 --server-name must be a name/],
    [[...add, '--tag', 'a/b'], /^1 --tag must be text of 1 to 64/],
    [[...add, '--runbook-url', 'x'], /^1 --runbook-url must be an http/],
    [[...add, '--regions', 'mars'], /^1 --regions must be "all" or some of .*; "mars" is not one of them/],
    [[...add, '--regions', ','], /^2 --regions: it is empty/],
    [
      [...add, '--severity', 'partail=P1'],
      /^2 --severity partail=P1: there is no kind partail: did you mean partial\?/,
    ],
    [
      ['endpoints', 'add', 'x', '192.0.2.1:443', '--handshake', 'tls', '--address-family', 'ipv6'],
      /^1 --address-family must be ipv4/,
    ],
    [['ack', 'worded', '--until', '60d'], /^1 --until must be .* at most 30 days ahead/],
    [['ack', 'worded', '--by', ''], /^1 --by must be text/],
    [['mute', 'worded', '--until', '400d'], /^1 --until must be .* at most 366 days ahead/],
    [['mute', 'worded', '--until', '1h', '--note', ''], /^1 --note must be text/],
    [['mute', '--tag', '', '--until', '1h'], /^2 --tag : write 1 to 64 characters/],
    [['incidents', '--before', '1h'], /^2 --before: goes with --since/],
    [['incidents', '--since', '1h', '--before', '2h'], /^1 --since must be before --before$/],
    [['incidents', 'summary', '--since', '400d'], /^1 --since must be at most 366 days before --before/],
    [['incidents', '--kind', 'x'], /^1 --kind must be one of partial/],
    [[...maintain, '--until', '2020-01-01T00:00:00Z'], /^1 --until must be after --from$/],
    [
      ['maintenance', 'add', 'm', '--endpoints', 'nope', '--until', '1h'],
      /^1 --endpoints must .* no nope: see parallax endpoints$/,
    ],
    [['maintenance', 'add', 'm', '--endpoints', '', '--until', '1h'], /^2 --endpoints: it is empty/],
    [[...maintain, ...night, '--cron', 'x'], /^1 --cron must be five fields/],
    [[...maintain, ...night, '--time-zone', 'x'], /^1 --time-zone must be an IANA time zone/],
    [[...maintain, ...night, '--minutes', '0'], /^1 --minutes must be a whole number/],
    [['maintenance', 'remove', 'm'], /^1 there is no maintenance "m": see parallax maintenance$/],
    [['observations', 'worded', '--region', 'mars'], /^1 --region must be one of/],
    [['observations', 'worded', '--from', '1h', '--to', '2h'], /^1 --from must be before --to$/],
    [['check', '192.0.2.1:25', '--everywhere'], /^2 the port must not be 25/],
    [['check', 'worded', '--everywhere', '--regions', 'mars'], /^2 --regions must be "all" or some of/],
    [['check', '--id', 'nope'], /^2 there is no check "nope".* parallax check --everywhere$/],
    [['ack', 'group.x.y'], /^1 there is no open incident "group\.x\.y".* see parallax incidents$/],
    [['drill', '--team', ''], /^1 --team must be text/],
  ])('%j', async (args, says) => {
    expect(await refused(...args)).toMatch(says);
  });
});

test('status can be asked of some endpoints only', async () => {
  await shown('endpoints', 'add', 'mail', 'mail.example.com:465', '--handshake', 'tls', '--tag', 'mail');
  const ids = async (...args: readonly string[]): Promise<string[]> =>
    JSON.parse(await shown('status', '--json', ...args)).items.map(
      (item: { endpoint: { id: string } }) => item.endpoint.id,
    );
  expect(await ids('--tag', 'mail')).toEqual(['mail']);
  expect(await ids('--tag', 'mail', '--state', 'unknown')).toEqual(['mail']);
  expect(await ids('--tag', 'mail', '--state', 'failing')).toEqual([]);
  expect(await shown('status', '--tag', 'mail', '--troubled')).toBe('no endpoint is like that\n');
  expect(await shown('status', 'mail')).toMatch(/mail\.example\.com:465 tls/);
});

describe('what there is not is never all clear', () => {
  beforeAll(() =>
    shown(
      'endpoints',
      'add',
      'checkout',
      'a.example:443',
      '--handshake',
      'tls',
      '--tag',
      'edge',
      '--team',
      'web',
    ),
  );

  test.each([
    [['status', 'chekout']],
    [['endpoints', 'show', 'chekout']],
    [['endpoints', 'set', 'chekout', '--interval', '10']],
    [['endpoints', 'remove', 'chekout']],
    [['ack', 'chekout']],
    [['ack', 'chekout', '--off']],
    [['mute', 'chekout', '--until', '1h']],
    [['mute', 'chekout', '--off']],
    [['incidents', '--endpoint', 'chekout']],
    [['incidents', '--endpoint', 'chekout', '--since', '1d']],
    [['incidents', 'summary', '--endpoint', 'chekout']],
    [['observations', 'chekout']],
  ])('no endpoint of this id: %j', async (args) => {
    expect(await refused(...args)).toBe('1 there is no endpoint "chekout": did you mean checkout?');
  });

  test('a check has exit codes of its own', async () => {
    const check = ['check', 'chekout', '--everywhere'];
    expect(await refused(...check)).toBe('2 there is no endpoint "chekout": did you mean checkout?');
  });

  test.each(['ghost', 'Ghost/..', '.', ''])('where none is like it, the list is named: %j', async (id) => {
    expect(await refused('status', id)).toBe(
      `1 there is no endpoint ${JSON.stringify(id)}: parallax endpoints lists them`,
    );
  });

  test('no endpoint with this tag, or of this team', async () => {
    const tag = 'no endpoint has the tag "egde": did you mean edge?';
    const team = 'no endpoint is of the team "wbe": did you mean web?';
    expect(await shown('status', '--tag', 'egde')).toBe(`${tag}\n`);
    expect(await shown('status', '--team', 'wbe', '--troubled')).toBe(`${team}\n`);
    expect(await shown('endpoints', '--team', 'wbe')).toBe(`${team}\n`);
    expect(await shown('incidents', '--team', 'wbe')).toBe(`nothing is open\n${team}\n`);
    expect(await shown('incidents', '--team', 'web')).toBe('nothing is open\n');
    expect(await shown('incidents', 'summary', '--team', 'wbe')).toContain(`\n${team}\n`);
    expect(await refused('export', '--tag', 'egde')).toBe(`1 ${tag}: nothing is written`);
    expect(await shown('mute', '--tag', 'egde', '--until', '1h')).toContain(`\nso far ${tag}\n`);
    await shown('mute', '--tag', 'egde', '--off');
    expect(await shown('status', '--tag', 'edge', '--team', 'wbe')).toBe(
      'no endpoint has the tag "edge" and is of the team "wbe": did you mean web?\n',
    );
  });
});

test('what is muted is listed, and can be told of again', async () => {
  await shown('endpoints', 'add', 'quiet', 'quiet.example.com:465', '--handshake', 'tls');
  expect(await shown('mutes')).toBe('nothing is muted\n');
  await shown('mute', 'quiet', '--until', '1h', '--note', 'moving');
  await shown('mute', '--tag', 'größe 2', '--until', '2h');
  expect(await shown('mutes')).toMatch(/│ quiet .*│ moving.*\n│ tag größe 2 .*│ – /);
  await shown('mute', 'quiet', '--off');
  await shown('mute', '--tag', 'größe 2', '--off');
  expect(await shown('mutes')).toBe('nothing is muted\n');
});

test('maintenance is planned, once and recurring, listed and ended', async () => {
  expect(await shown('maintenance')).toBe('no maintenance\n');
  expect(
    await shown('maintenance', 'add', 'now', '--tags', 'db,web', '--until', '2h', '--by', 'ada'),
  ).toMatch(/│ now +│ tag db +│ once +│ now, until \d{4}-.*│ ada/);
  const night = ['--cron', '0 2 * * SUN#2', '--time-zone', 'Europe/Berlin', '--minutes', '180'];
  expect(await shown('maintenance', 'add', 'night', '--all', ...night)).toMatch(
    /│ night +│ all +│ 0 2 \* \* SUN#2 /,
  );
  expect(JSON.parse(await shown('maintenance', '--json')).items).toHaveLength(2);
  expect(await refused('maintenance', 'add', 'x', '--endpoints', 'nope', '--until', '1h')).toMatch(
    /^1 .*there is no nope/,
  );
  await shown('maintenance', 'remove', 'now');
  await shown('maintenance', 'delete', 'night');
  expect(await refused('maintenance', 'remove', 'night')).toMatch(/^1 there is no maintenance "night"/);
});

test('what was never opened is not there to be looked after', async () => {
  await shown('endpoints', 'add', 'calm', 'calm.example.com:465', '--handshake', 'tls');
  expect(await refused('ack', 'calm')).toMatch(/^1 endpoint calm has no open incident/);
  expect(await refused('ack', 'group.x.y')).toMatch(/^1 there is no open incident "group\.x\.y"/);
  await shown('ack', 'calm', '--off');
  expect(await shown('incidents')).toBe('nothing is open\n');
  expect(await shown('incidents', '--since', '7d')).toBe('no incidents\n');
  expect(await shown('incidents', 'summary')).toMatch(/recovered \(MTTR\) +│ 0 /);
  expect(await shown('regions')).toMatch(/│ never /);
});

test('a drill that nobody hears is not done', async () => {
  const { code, stdout } = await parallax('drill', '--severity', 'P1');
  expect(stdout).toMatch(/│ json +│ published +│ 1 +│.*\n│ sms +│ published +│ nobody +│/);
  expect(stdout).toMatch(/^test\.\S+: look whether it has arrived$/m);
  expect(code).toBe(1);
});

test('what is open is looked after by the name of the endpoint, or by that of its alerts', async () => {
  const endpoint = await register(api, 'hurt');
  const opened = incidentOf('hurt-mi6wq3mg', Date.now(), { endedAt: null, end: null, toldAt: null });
  await saveState(api.table, stateOf(endpoint, opened));
  expect(await shown('incidents', '--endpoint', 'hurt')).toMatch(/│ hurt +│ P2 /);
  expect(await shown('ack', 'hurt', '--by', 'ada')).toBe('hurt: acknowledged by ada, until it is over\n');
  expect(JSON.parse(await shown('ack', 'hurt-mi6wq3mg', '--by', 'bob', '--json'))).toMatchObject({
    incident: 'hurt-mi6wq3mg',
    by: 'bob',
  });
  await shown('ack', 'hurt-mi6wq3mg', '--off');
  expect(await refused('ack', 'hurt-nope')).toMatch(/^1 there is no endpoint "hurt-nope"/);
});

test.each([
  [['help', 'check'], 'Usage: parallax check [options] [host:port]\n'],
  [['help', 'endpoints', 'add'], 'Usage: parallax endpoints add [options] <id> <host:port>\n'],
  [['ack', '--help'], 'Usage: parallax ack [options] <id>\n'],
  [['help'], 'Usage: parallax [options] [command]\n'],
])('help is there at every depth: %j', async (args, begins) => {
  const help = await shown(...args);
  expect(help.startsWith(begins)).toBe(true);
  expect(help).toContain('\nExamples\n');
  expect(help).not.toContain('(default: false)');
});

describe('completion', () => {
  test.each(['bash', 'zsh', 'fish'])('has a script for %s', async (shell) => {
    const { stdout, stderr } = await parallax('completion', shell);
    expect(stdout + stderr).toContain('parallax complete --');
  });

  test('knows commands, options and their choices', async () => {
    const completed = async (...args: readonly string[]) =>
      (await parallax('complete', '--', ...args)).stdout;
    expect(await completed('maint')).toMatch(/^maintenance\t/m);
    expect(await completed('endpoints', '')).toMatch(/^add\t/m);
    expect(await completed('endpoints', 'add', '--handshake', '')).toMatch(/^http2\b/m);
    expect(await completed('incidents', '--si')).toMatch(/^--since\t/m);
  });

  describe('asks the API for what it alone knows', () => {
    beforeAll(async () => {
      // However busy this machine is.
      vi.stubEnv('PARALLAX_COMPLETION_MS', '60000');
      const settings = ['--handshake', 'tcp', '--tag', 'tabbed', '--team', 'tabs'];
      await shown('endpoints', 'add', 'tabulator', 'tab.example:443', ...settings);
    });
    const words = async (...args: readonly string[]) => {
      const { stdout, stderr } = await parallax('complete', '--', ...args);
      expect(stderr).toBe('');
      return stdout.split('\n').flatMap((line) => /^([^:\t][^\t]*)(?:\t|$)/.exec(line)?.[1] ?? []);
    };

    test.each([
      [['status', 'tabu'], ['tabulator']],
      [['status', '--troubled', 'tabu'], ['tabulator']],
      [['ack', '--by', 'ada', 'tabu'], ['tabulator']],
      [['mute', 'tabu'], ['tabulator']],
      [['observations', 'tabu'], ['tabulator']],
      [['endpoints', 'show', 'tabu'], ['tabulator']],
      [['endpoints', 'set', 'tabu'], ['tabulator']],
      [['endpoints', 'remove', 'tabu'], ['tabulator']],
      [['check', '--everywhere', 'tabu'], ['tabulator']],
      [['check', 'tabu'], []],
      [['incidents', '--endpoint', 'tabu'], ['tabulator']],
      [['incidents', 'summary', '--endpoint', 'tabu'], ['tabulator']],
      [['maintenance', 'add', 'm', '--endpoints', 'a,tabu'], ['a,tabulator']],
      [['status', '--tag', 'tabb'], ['tabbed']],
      [['incidents', '--team', 'tab'], ['tabs']],
      [['observations', 'tabulator', '--region', 'eu-'], ['eu-west-1']],
      [['check', '--everywhere', '--regions', 'eu-west-1,us-'], ['eu-west-1,us-east-1']],
      [['cost', '--regions', 'eu-'], []],
      [['endpoints', 'add', 'tabu'], []],
      [['mute', 'tabulator', '--until', ''], []],
    ])('%j', async (typed, offered) => {
      expect(await words(...typed)).toEqual(offered);
    });

    test('at the URL that is typed; where that cannot be asked nothing is said', async () => {
      for (const url of ['http://127.0.0.1:1', 'nowhere']) {
        expect(await words('status', '--api', url, 'tabu')).toEqual([]);
      }
      expect(await words('status', '--api', server.url, 'tabu')).toEqual(['tabulator']);
    });
  });
});
