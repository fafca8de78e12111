import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Room to the rooms it may import. What is not named here does not exist: a new room needs a line, and a reason in docs/adr. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  outcome: [],
  endpoint: ['outcome'],
  round: ['endpoint', 'outcome'],
  probe: ['round', 'endpoint', 'outcome'],
  verdict: ['round', 'endpoint', 'outcome'],
  incident: ['verdict', 'round', 'endpoint', 'outcome'],
  alert: ['incident', 'verdict', 'round', 'endpoint', 'outcome', 'deployment'],
  deployment: ['endpoint', 'outcome'],
  store: ['incident', 'verdict', 'round', 'endpoint', 'outcome', 'queue', 'deployment'],
  queue: ['round', 'endpoint', 'outcome', 'deployment'],
  topic: ['deployment'],
  flow: [
    ...['store', 'queue', 'topic', 'probe', 'alert', 'incident', 'verdict'],
    ...['round', 'endpoint', 'outcome', 'deployment'],
  ],
  api: [
    ...['store', 'queue', 'topic', 'alert', 'incident', 'verdict', 'round'],
    ...['endpoint', 'outcome', 'deployment'],
  ],
  stacks: ['deployment', 'probe', 'endpoint', 'outcome'],
  local: ['deployment', 'store', 'queue', 'topic', 'incident', 'verdict', 'round', 'endpoint', 'outcome'],
  cli: ['local', 'probe', 'deployment', 'alert', 'incident', 'verdict', 'round', 'endpoint', 'outcome'],
};

/** Rooms that know nothing of AWS: no SDK, no CDK, no middleware. */
const PURE = ['outcome', 'endpoint', 'round', 'probe', 'verdict', 'incident', 'alert'];

interface Import {
  readonly file: string;
  readonly to: string;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, to = '']) => ({ file, to }));
}

const roomOf = (path: string): string => normalize(path).split('/')[1] ?? '';

describe('the house', () => {
  const files = filesIn('lib');
  const imports = files.flatMap(importsOf);

  it('has the rooms that are known, and no others', () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it('is imported one way', () => {
    const wrong = imports.filter(({ file, to }) => {
      if (!to.startsWith('.') || !to.endsWith('.ts')) return false;
      const [from, room] = [roomOf(file), roomOf(join(dirname(file), to))];
      return from !== room && !MAY_IMPORT[from]?.includes(room);
    });
    expect(wrong).toEqual([]);
  });

  it('keeps AWS out of the rooms that think', () => {
    const wrong = imports.filter(
      ({ file, to }) =>
        PURE.includes(roomOf(file)) && /^(@aws-sdk|@smithy|aws-cdk-lib|constructs|@middy)/.test(to),
    );
    expect(wrong).toEqual([]);
  });

  it('shows in a browser what the API answers, in the words of its types and of the outcomes', () => {
    const imported = filesIn('dashboard/src')
      .flatMap(importsOf)
      .filter(({ to }) => to.startsWith('.'))
      .map(({ file, to }) => normalize(join(dirname(file), to)))
      .filter((path) => !path.startsWith('dashboard/src/'));
    expect([...new Set(imported)].sort()).toEqual(['lib/deployment/api-types.ts', 'lib/outcome/outcome.ts']);
    const runs = filesIn('dashboard/src').flatMap(importsOf);
    expect(runs.filter(({ to }) => to.startsWith('node:'))).toEqual([]);
  });

  it('has thin handlers: parse, call lib, answer', () => {
    const lengths = filesIn('functions').map((file) => [file, readFileSync(file, 'utf8').split('\n').length]);
    expect(lengths.filter(([, lines]) => Number(lines) > 90)).toEqual([]);
  });
});
