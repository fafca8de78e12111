import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentOf, fileText } from '../../../lib/cli/apply/export.ts';
import { type MonitorFile, readMonitorFile } from '../../../lib/cli/apply/file.ts';
import { type Deployed, planOf } from '../../../lib/cli/apply/plan.ts';
import { parseEndpoint } from '../../../lib/endpoint/parse.ts';
import { ID_PATTERN } from '../../../lib/endpoint/schema.ts';
import { KINDS, SEVERITIES } from '../../../lib/endpoint/severity.ts';

const REGIONS = ['eu-west-1', 'us-east-1', 'ap-southeast-2'];
const NO = { prune: false, takeOver: false };

function fileOf(text: string): MonitorFile {
  const read = readMonitorFile(text);
  if ('mistakes' in read) throw new Error('refused', { cause: read.mistakes });
  return read.file;
}

function deployed(id: string, input: Record<string, unknown> = {}): Deployed {
  const all = { host: 'a.example.com', port: 443, handshake: 'tls', ...input };
  const parsed = parseEndpoint(all, { id, regions: REGIONS, ipv6: true, allowPrivateAddresses: true });
  if ('errors' in parsed) throw new Error('refused', { cause: parsed.errors });
  return { ...parsed.settings, id, revision: 1 };
}

const byId = (...all: readonly Deployed[]) => new Map(all.map((one) => [one.id, one]));
const SAME = 'host: a.example.com, port: 443, handshake: tls';

/** What a plan does, in short. */
function planned(text: string, present: readonly Deployed[], options: Partial<typeof NO> = {}) {
  const { changes, ...rest } = planOf(fileOf(text), byId(...present), { ...NO, ...options });
  return { changes: changes.map(({ action, id }) => `${action} ${id}`), ...rest };
}

describe('a plan', () => {
  test('adds, changes field by field and leaves the rest', () => {
    const file = fileOf(`endpoints:
  new: {${SAME}}
  same: {${SAME}, tags: [b, a], regions: [us-east-1, eu-west-1]}
  other: {${SAME}, team: web, severities: {down: P3}, alertAfterSeconds: 0}`);
    const present = byId(
      deployed('same', { tags: ['a', 'b'], regions: ['eu-west-1', 'us-east-1'] }),
      deployed('other', { runbookUrl: 'https://example.com/', severities: { down: 'P2' } }),
      deployed('elsewhere'),
    );
    const plan = planOf(file, present, { prune: true, takeOver: false });
    expect(plan).toMatchObject({ unchanged: 1, left: [], foreign: [] });
    expect(plan.changes.map(({ action, id }) => `${action} ${id}`)).toEqual(['add new', 'change other']);
    expect(plan.changes[1]).toMatchObject({
      fields: [
        { field: 'alertAfterSeconds', old: 30, new: 0 },
        { field: 'team', old: undefined, new: 'web' },
        { field: 'severities', old: { down: 'P2' }, new: { down: 'P3' } },
        { field: 'runbookUrl', old: 'https://example.com/', new: undefined },
      ],
    });
  });

  const scoped = `scope: web\nendpoints:\n  kept: {${SAME}}`;
  const present = [
    deployed('kept', { tags: ['scope:web'] }),
    deployed('gone', { tags: ['x', 'scope:web'] }),
    deployed('theirs', { tags: ['scope:api'] }),
    deployed('nobodys'),
  ];

  test('removes what is of its scope alone, and only when asked', () => {
    expect(planned(scoped, present)).toEqual({ changes: [], unchanged: 1, left: ['gone'], foreign: [] });
    expect(planned(scoped, present, { prune: true })).toEqual({
      changes: ['remove gone'],
      unchanged: 1,
      left: [],
      foreign: [],
    });
  });

  test('takes what is nobody’s, and what is of another scope only when told to', () => {
    const both = `scope: web\nendpoints:\n  theirs: {${SAME}}\n  nobodys: {${SAME}}`;
    expect(planned(both, present)).toMatchObject({
      changes: ['change nobodys'],
      unchanged: 0,
      foreign: [{ id: 'theirs', scope: 'api' }],
    });
    const taken = planned(both, present, { takeOver: true });
    expect(taken).toMatchObject({ changes: ['change theirs', 'change nobodys'], foreign: [] });
    // A file without a scope may not take it away unnoticed either.
    expect(planned(`endpoints:\n  kept: {${SAME}}`, present).foreign).toEqual([{ id: 'kept', scope: 'web' }]);
  });
});

const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
const word = fc.oneof(
  text.filter((one) => one.isWellFormed() && !/\p{Cc}/u.test(one) && one.trim() !== ''),
  fc.constantFrom(
    'yes',
    'null',
    '1e3',
    '0x1',
    '- a',
    ': b',
    '# c',
    '*d',
    '&e',
    '!f',
    '"g',
    "'h",
    '{',
    '2026-01-31',
  ),
);
const tagWord = fc
  .oneof(word, fc.constantFrom('scope:web', 'scope:api', 'scope:Not One'))
  .filter((one) => !/[/\\?#%]|^\.+$/.test(one));
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const endpoint = fc
  .record({
    id: fc.oneof(
      fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,6}[a-z0-9]$/),
      fc.constantFrom('null', '1e3', '0x1f', 'y'),
    ),
    host: fc.constantFrom('a.example.com', 'bücher.example', '192.0.2.1', '2001:db8::1'),
    port: fc.integer({ min: 26, max: 65_535 }),
    handshake: fc.constantFrom('tcp', 'tls', 'http2'),
    name: optional(word),
    intervalSeconds: optional(fc.constantFrom(10, 60, 600)),
    alertAfterSeconds: optional(fc.constantFrom(0, 30, 3600)),
    regions: optional(fc.oneof(fc.constant('all'), fc.subarray(REGIONS, { minLength: 1 }))),
    serverName: optional(fc.constantFrom('a.example.com', 'b.example.com')),
    certificate: optional(fc.constantFrom('verify', 'ignore')),
    tags: optional(fc.array(tagWord, { maxLength: 4 })),
    enabled: optional(fc.boolean()),
    team: optional(word),
    severities: optional(fc.dictionary(fc.constantFrom(...KINDS), fc.constantFrom(...SEVERITIES))),
    runbookUrl: optional(fc.constantFrom('https://example.com/a#b', 'http://example.com/?q=1')),
  })
  .filter(({ id }) => ID_PATTERN.test(id))
  .map(({ id, ...input }) =>
    deployed(id, Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))),
  );

test('what is exported and applied again changes nothing, whatever is registered', () => {
  fc.assert(
    fc.property(fc.uniqueArray(endpoint, { selector: ({ id }) => id, maxLength: 5 }), (all) => {
      const content = contentOf(all);
      for (const written of [fileText(content, [' a comment']), JSON.stringify(content)]) {
        const plan = planOf(fileOf(written), byId(...all), {
          prune: content.scope !== undefined,
          takeOver: false,
        });
        expect(plan).toEqual({ changes: [], unchanged: all.length, left: [], foreign: [] });
      }
    }),
    { numRuns: 100 },
  );
});
