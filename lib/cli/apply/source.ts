import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';

/** Where something is in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What is wrong at one place of a file, and the remedy. */
export interface Mistake extends Position {
  /** What is there, such as `endpoints.shop.port`; empty: the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** A YAML text whose values know where they were written. */
export interface Source {
  readonly document: Document.Parsed;
  readonly mistakes: readonly Mistake[];
  /** It is not YAML, so that nothing can be said of its values. */
  readonly broken: boolean;
  /** What it says, merge keys and aliases resolved and keys as they were written; undefined where it is broken. */
  readonly value: unknown;
  /** Where the key (or the item of a list) at this path begins, merge keys and aliases followed; null: it is not there. */
  find(path: readonly string[]): Position | null;
}

/** Reads YAML 1.2, with the merge keys (`<<`) of 1.1 that everybody uses with anchors. */
export function readSource(text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const { errors, warnings } = document;
  const duplicates = errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  const others = [...errors.filter(({ code }) => code !== 'DUPLICATE_KEY'), ...warnings];
  const broken: Mistake[] = others.map(({ message, pos }) => ({ ...at(pos[0]), path: '', message }));
  broken.push(
    ...missingAnchors(document).map(({ offset, message }) => ({ ...at(offset), path: '', message })),
  );
  const value = broken.length === 0 ? contentOf(document) : undefined;
  if (value instanceof ReferenceError) broken.push({ ...at(0), path: '', message: value.message });
  const twice = duplicates.map(({ pos }) => {
    const key = /^[^\s:]*/.exec(text.slice(pos[0]))?.[0];
    return { ...at(pos[0]), path: '', message: `${key} stands here a second time: once is enough` };
  });
  return {
    document,
    mistakes: [...broken, ...twice],
    broken: broken.length > 0,
    value,
    find: (path) => {
      const offset = offsetOf(document, document.contents, path);
      return offset === null ? null : at(offset);
    },
  };
}

/** Aliases of what no node before them is called. */
function missingAnchors(
  document: Document,
): readonly { readonly offset: number; readonly message: string }[] {
  const anchors = new Set<string>();
  const missing: { offset: number; message: string }[] = [];
  visit(document, {
    Node(_, node) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor);
      } else if (!anchors.has(node.source)) {
        missing.push({ offset: node.range?.[0] ?? 0, message: `there is no &${node.source} before this` });
      }
    },
  });
  return missing;
}

/** As many endpoints may have an anchor in common; aliases of aliases, which multiply, are refused beyond it. */
const MAX_ALIASES = 10_000;

function contentOf(document: Document): unknown {
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      map.items = map.items.filter((pair) => {
        const key = keyText(pair);
        if (isScalar(pair.key) && key !== '<<') pair.key.value = key;
        // Of what stands there twice the first is meant, as far as its mistakes go.
        return key === '<<' || (!seen.has(key) && seen.add(key));
      });
    },
  });
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    // What `yaml` throws where aliases multiply.
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

/** A key as it was written: `1e3` is the id "1e3" and not the number. */
export function keyText({ key }: Pair): string {
  if (!isScalar(key)) return '';
  return key.type === 'PLAIN' && key.source !== undefined ? key.source : String(key.value);
}

function offsetOf(document: Document, node: unknown, path: readonly string[]): number | null {
  const [first, ...rest] = path;
  if (first === undefined) return null;
  if (isAlias(node)) return offsetOf(document, node.resolve(document), path);
  if (isSeq(node)) {
    const item = node.items[Number(first)];
    if (item === undefined || isPair(item)) return null;
    return rest.length === 0 ? startOf(item) : offsetOf(document, item, rest);
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((one) => keyText(one) === first);
  if (pair) return rest.length === 0 ? startOf(pair.key) : offsetOf(document, pair.value, rest);
  for (const merged of node.items.filter((one) => keyText(one) === '<<')) {
    const sources = isSeq(merged.value) ? merged.value.items : [merged.value];
    for (const source of sources) {
      const offset = offsetOf(document, source, path);
      if (offset !== null) return offset;
    }
  }
  return null;
}

const startOf = (node: unknown): number | null => (node as Node | null)?.range?.[0] ?? null;
