import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readMonitorFile } from '../../../lib/cli/apply/file.ts';
import { mistakeLine } from '../../../lib/cli/apply/place.ts';
import { monitorFileSchema } from '../../../lib/cli/apply/schema.ts';

/** The lines that a user sees. */
function mistakesIn(text: string): readonly string[] {
  const read = readMonitorFile(text);
  return 'mistakes' in read ? read.mistakes.map((one) => mistakeLine('f', one)) : [];
}

function endpointsIn(text: string) {
  const read = readMonitorFile(text);
  if ('mistakes' in read) throw new Error('refused', { cause: read.mistakes });
  return read.file.endpoints;
}

const FINE = 'host: shop.example.com, port: 443, handshake: tls';

const mistakes: readonly {
  readonly name: string;
  readonly text: string;
  readonly says: readonly (string | RegExp)[];
}[] = [
  { name: 'nothing', text: '', says: [/^f:1:1 is empty: it must be a map with endpoints/] },
  { name: 'a list', text: '- a', says: [/^f:1:1 must be a map/] },
  { name: 'no endpoints', text: 'scope: web', says: [/^f:1:1 endpoints: must be a map of ids/] },
  { name: 'a tab', text: 'endpoints:\n\ta: b', says: ['f:2:1 Tabs are not allowed as indentation'] },
  {
    name: 'an anchor that is not there',
    text: 'endpoints:\n  a: *b',
    says: ['f:2:6 there is no &b before this'],
  },
  {
    name: 'a tag of another program',
    text: 'endpoints:\n  a: !env B',
    says: [/^f:2:6 Unresolved tag: !env/],
  },
  {
    name: 'everything at once, in the order of the file',
    text: `scop: web
x-tls: &tls {handshake: tls, prot: 1}
defaults: {interval: 60, host: a.example.com, alertAfterSeconds: 9000}
endpoints:
  shop:
    host: https://shop.example.com
    port: 70000
    handshake: http2
    tags: [a, b/c]
  shop: {${FINE}}
  Shop: {${FINE}}
  api: {<<: *tls, host: api.example.com, port: 443, severities: {partal: P1}, team: null}
  ssh: {host: ssh.example.com}
  nil:
`,
    says: [
      'f:1:1 scop: unknown: did you mean scope?',
      'f:2:30 endpoints.api.prot: unknown field "prot": did you mean "port"?',
      'f:3:12 defaults.interval: unknown field: did you mean intervalSeconds?',
      'f:3:26 defaults.host: each endpoint has its own: write it there',
      'f:3:47 defaults.alertAfterSeconds: must be a whole number from 0 to 3600',
      'f:6:5 endpoints.shop.host: must be without a scheme: write only what follows "://"',
      'f:7:5 endpoints.shop.port: must be a whole number from 1 to 65535',
      /^f:9:15 endpoints.shop.tags\[1\]: must be text of 1 to 64 characters/,
      'f:10:3 shop stands here a second time: once is enough',
      /^f:11:3 endpoints.Shop: an id is 1 to 63 lower-case letters/,
      'f:12:66 endpoints.api.severities.partal: unknown field "severities.partal": did you mean "partial"?',
      'f:12:79 endpoints.api.team: must be text of 1 to 64 characters, without control characters',
      'f:13:3 endpoints.ssh.port: is required: it must be a whole number from 1 to 65535',
      'f:13:3 endpoints.ssh.handshake: is required: it must be one of tcp, tls, http2',
      'f:14:3 endpoints.nil: must be a map of fields: host, port and handshake',
    ],
  },
  {
    name: 'a wrong default once, not in every endpoint',
    text: `defaults: {port: x, handshake: tcp}\nendpoints:\n  a: {host: a}\n  b: {host: b}`,
    says: ['f:1:12 defaults.port: must be a whole number from 1 to 65535'],
  },
  {
    name: 'words of YAML 1.1',
    text: `endpoints:\n  a: {${FINE}, enabled: yes}`,
    says: [/endpoints.a.enabled: must be true or false$/],
  },
  { name: 'a scope', text: 'scope: The Web\nendpoints:', says: [/^f:1:1 scope: must be 1 to 58/] },
  {
    name: 'a scope in the tags of a file that has one',
    text: `scope: web\nendpoints:\n  a: {${FINE}, tags: [scope:api]}`,
    says: [/^f:3:58 endpoints.a.tags: must be without scope:…/],
  },
  {
    name: 'a tag too many for the one of the scope',
    text: `scope: web\nendpoints:\n  a: {${FINE}, tags: [${Array.from({ length: 20 }, (_, i) => `t${i}`)}]}`,
    says: [/tags: must be at most 19: the scope takes one$/],
  },
  {
    name: 'what contradicts itself',
    text: 'endpoints:\n  a: {host: 192.0.2.1, port: 25, handshake: tcp, addressFamily: ipv6}',
    says: [/port: must not be 25/, /addressFamily: must be ipv4 for this host/],
  },
];

describe('mistakes', () => {
  test.each(mistakes)('$name', ({ text, says }) => {
    const told = mistakesIn(text);
    expect(told).toEqual(says.map((one) => (typeof one === 'string' ? one : expect.stringMatching(one))));
  });

  test('aliases that multiply are refused', () => {
    const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 9; i += 1) bomb.push(`x-${i}: &a${i} [${`*a${i - 1},`.repeat(10)}]`);
    expect(mistakesIn(`${bomb.join('\n')}\nendpoints:\n  a: {${FINE}, tags: *a8}`)).toEqual([
      expect.stringMatching(/^f:1:1 Excessive alias count/),
    ]);
  });
});

describe('what is read', () => {
  test('defaults give way to what an endpoint says; the scope is a tag', () => {
    const [a, b] = endpointsIn(`scope: web
defaults: {port: 443, handshake: http2, tags: [prod], team: web}
endpoints:
  a: {host: A.example.com.}
  b: {host: b.example.com, port: 22, handshake: tcp, tags: []}`);
    expect(a?.settings).toMatchObject({
      host: 'a.example.com',
      port: 443,
      handshake: 'http2',
      name: 'a',
      tags: ['prod', 'scope:web'],
      team: 'web',
    });
    expect(b?.settings).toMatchObject({ port: 22, handshake: 'tcp', tags: ['scope:web'], team: 'web' });
  });

  test('keys are text, whatever they look like', () => {
    const text = `endpoints:\n  1e3: {${FINE}}\n  0x10: {${FINE}}\n  "7": {${FINE}}\n  null: {${FINE}}`;
    expect(endpointsIn(text).map(({ id }) => id)).toEqual(['1e3', '0x10', '7', 'null']);
  });

  test('one anchor serves hundreds of endpoints', () => {
    const many = Array.from({ length: 300 }, (_, i) => `  e${i}: {<<: *all, port: ${i + 100}}`);
    const text = `x-all: &all {host: a.example.com, handshake: tcp}\nendpoints:\n${many.join('\n')}`;
    expect(endpointsIn(text)).toHaveLength(300);
  });

  test('a file may be JSON, and empty', () => {
    expect(endpointsIn(`{"endpoints": {"a": {"host": "a", "port": 1, "handshake": "tcp"}}}`)).toHaveLength(1);
    expect(endpointsIn('scope: web\nendpoints:\n')).toEqual([]);
  });
});

test('docs/parallax.schema.json is the schema of the file', () => {
  const written: unknown = JSON.parse(
    readFileSync(new URL('../../../docs/parallax.schema.json', import.meta.url), 'utf8'),
  );
  expect(written, 'node bin/parallax.js schema > docs/parallax.schema.json').toEqual(monitorFileSchema());
});

test('the example is right, and has the editor look for the schema', () => {
  const text = readFileSync(new URL('../../../examples/parallax.yaml', import.meta.url), 'utf8');
  expect(mistakesIn(text)).toEqual([]);
  expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/docs\/parallax\.schema\.json\n/);
  const first = /```yaml\n(.*?)```/s.exec(
    readFileSync(new URL('../../../docs/as-code.md', import.meta.url), 'utf8'),
  )?.[1];
  expect(endpointsIn(first ?? '')).toHaveLength(2);
});
