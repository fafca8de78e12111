import { isMap, isScalar, type YAMLMap } from 'yaml';
import type { FieldError } from '../../endpoint/field-error.ts';
import { nearest } from '../../endpoint/nearest.ts';
import { endpointInput } from '../../endpoint/schema.ts';
import { type Desired, type Fields, isFields, NO_DEFAULTS, readEndpoint } from './file-endpoint.ts';
import { mistakeOf } from './place.ts';
import { SCOPE_PATTERN, SCOPE_RULE } from './scope.ts';
import { keyText, type Mistake, readSource, type Source } from './source.ts';

/** What a file says. */
export interface MonitorFile {
  /** Who prunes what; null: the file prunes nothing. */
  readonly scope: string | null;
  readonly endpoints: readonly Desired[];
  /** Where a deployment's complaint about one of them belongs. */
  readonly mistakeOf: (id: string, error: FieldError) => Mistake;
}

export type ReadFile =
  | { readonly file: MonitorFile }
  /** Everything that is wrong, in the order of the file. */
  | { readonly mistakes: readonly Mistake[] };

const TOP = ['scope', 'defaults', 'endpoints'];

/** Reads a file of endpoints. All that can be known to be wrong without the deployment is told at once. */
export function readMonitorFile(text: string): ReadFile {
  const source = readSource(text);
  const { contents } = source.document;
  if (source.broken) return { mistakes: inOrder(source.mistakes) };
  const mistakes: Mistake[] = [...source.mistakes];
  const say = (path: readonly string[], message: string): void => {
    mistakes.push({ ...(source.find(path) ?? { line: 1, column: 1 }), path: path.join('.'), message });
  };
  if (!isMap(contents)) {
    const empty = contents === null ? 'is empty: it ' : '';
    say([], `${empty}must be a map with endpoints: in it, each an id with host, port and handshake`);
    return { mistakes };
  }
  for (const key of contents.items.map(keyText)) {
    if (TOP.includes(key) || key.startsWith('x-')) continue;
    const meant = nearest(key, TOP);
    say([key], `unknown: ${meant === null ? `known are ${TOP.join(', ')}` : `did you mean ${meant}?`}`);
  }
  const top = mapOf(source, 'endpoints');
  if (top === null) say(['endpoints'], 'must be a map of ids, each with host, port and handshake');
  const scope = scopeIn(contents, say);
  const defaults = defaultsIn(source, say);
  const endpoints: Desired[] = [];
  const own = fieldsOf(fieldsOf(source.value).endpoints);
  for (const pair of top?.items ?? []) {
    const id = keyText(pair);
    const read = readEndpoint(source, { id, own: own[id], defaults, scope });
    if ('desired' in read) endpoints.push(read.desired);
    else mistakes.push(...read.mistakes);
  }
  if (mistakes.length > 0) return { mistakes: inOrder(mistakes) };
  return {
    file: { scope, endpoints, mistakeOf: (id, error) => mistakeOf(source, id, error) },
  };
}

type Say = (path: readonly string[], message: string) => void;

function mapOf({ document }: Source, key: string): YAMLMap | null {
  const node = document.get(key, true);
  if (isMap(node)) return node;
  return isScalar(node) && node.value === null ? (document.createNode({}) as YAMLMap) : null;
}

function scopeIn(contents: YAMLMap, say: Say): string | null {
  if (!contents.has('scope')) return null;
  const scope = contents.get('scope');
  if (typeof scope === 'string' && SCOPE_PATTERN.test(scope)) return scope;
  say(['scope'], `must be ${SCOPE_RULE}`);
  return null;
}

function defaultsIn(source: Source, say: Say): Fields {
  if (!source.document.has('defaults')) return {};
  const defaults = fieldsOf(source.value).defaults ?? {};
  if (!isFields(defaults)) {
    say(['defaults'], 'must be a map of fields of endpoints');
    return {};
  }
  const known = Object.keys(endpointInput.shape);
  const allowed = known.filter((field) => !NO_DEFAULTS.includes(field));
  for (const key of Object.keys(defaults)) {
    if (NO_DEFAULTS.includes(key)) say(['defaults', key], 'each endpoint has its own: write it there');
    else if (!known.includes(key)) {
      const meant = nearest(key, allowed);
      say(['defaults', key], `unknown field${meant === null ? '' : `: did you mean ${meant}?`}`);
    }
  }
  return Object.fromEntries(Object.entries(defaults).filter(([key]) => allowed.includes(key)));
}

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** Each once, by line: a wrong default is wrong in every endpoint. */
function inOrder(mistakes: readonly Mistake[]): readonly Mistake[] {
  const once = new Map(mistakes.map((one) => [`${one.line}:${one.column} ${one.path} ${one.message}`, one]));
  return [...once.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}
