import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, isScalar, visit } from 'yaml';
import type { EndpointSettings } from '../../endpoint/endpoint.ts';
import { parseHost } from '../../endpoint/host.ts';
import { hostDefaults } from '../../endpoint/parse.ts';
import { endpointInput } from '../../endpoint/schema.ts';
import { connect } from '../api-client.ts';
import { ApiRefusal } from '../api-refusal.ts';
import { noneLike } from '../known.ts';
import type { WrittenApi } from '../options.ts';
import { waiting } from '../progress.ts';
import { listDeployed } from './deployment.ts';
import type { Deployed } from './plan.ts';
import { SCHEMA_LINE } from './schema.ts';
import { SCOPE_PATTERN, scopeOf, scopeTag } from './scope.ts';

export interface WrittenExport extends WrittenApi {
  readonly tag?: string;
  readonly team?: string;
}

/** Writes what is registered as the file that apply reads. Exit code 0. @throws UsageError, ApiRefusal */
export async function runExport(options: WrittenExport): Promise<number> {
  const { tag, team, json, api } = options;
  const client = connect(options);
  const deployed = await waiting('reading what is registered', listDeployed(client, { tag, team }));
  const missing = deployed.size === 0 ? await noneLike(client, { tag, team }) : null;
  if (missing !== null) throw new ApiRefusal(`${missing}: nothing is written`);
  const content = contentOf([...deployed.values()]);
  process.stdout.write(
    json
      ? `${JSON.stringify(content, null, process.stdout.isTTY ? 2 : undefined)}\n`
      : fileText(content, [SCHEMA_LINE, ` What is registered at ${api}`]),
  );
  return 0;
}

/** A file of endpoints, as values. */
export interface FileContent {
  readonly scope?: string;
  readonly endpoints: Readonly<Record<string, Partial<EndpointSettings>>>;
}

/** What a file must say to stand for these endpoints: what is not by default, by id; the scope, where all are of one. */
export function contentOf(deployed: readonly Deployed[]): FileContent {
  const scope = commonScope(deployed);
  const sorted = [...deployed].sort((a, b) => (a.id < b.id ? -1 : 1));
  const endpoints = sorted.map((endpoint): [string, Partial<EndpointSettings>] => {
    const tags = endpoint.tags.filter((tag) => scope === null || tag !== scopeTag(scope));
    return [endpoint.id, saidOf({ ...endpoint, tags })];
  });
  return { ...(scope === null ? {} : { scope }), endpoints: Object.fromEntries(endpoints) };
}

function commonScope(deployed: readonly Deployed[]): string | null {
  const [first, ...others] = deployed.map(({ tags }) => {
    const scope = scopeOf(tags);
    const only = tags.filter((tag) => scopeOf([tag]) !== null).length === 1;
    return only && scope !== null && SCOPE_PATTERN.test(scope) ? scope : null;
  });
  return first !== undefined && others.every((scope) => scope === first) ? first : null;
}

/** The fields that are not what they would be if left out. */
function saidOf(endpoint: Deployed): Partial<EndpointSettings> {
  const { host, port, handshake, id } = endpoint;
  const parsed = parseHost(host);
  const least = endpointInput.parse({ host, port, handshake });
  const byDefault = new Map(
    Object.entries({ ...least, name: id, ...('kind' in parsed ? hostDefaults(parsed) : {}) }),
  );
  const said = new Map(Object.entries(endpoint));
  return Object.fromEntries(
    Object.keys(endpointInput.shape)
      .filter((field) => said.get(field) !== undefined)
      .filter(
        (field) =>
          field in { host, port, handshake } || !isDeepStrictEqual(said.get(field), byDefault.get(field)),
      )
      .map((field) => [field, said.get(field)]),
  );
}

/** As YAML, lists in one line; comments come first, notes before the endpoint with their id. */
export function fileText(
  content: Pick<FileContent, 'scope'> & { readonly endpoints: Readonly<Record<string, unknown>> },
  comments: readonly string[],
  notes: ReadonlyMap<string, readonly string[]> = new Map(),
): string {
  const document = new Document(content);
  const endpoints: unknown = document.get('endpoints', true);
  for (const { key } of isMap(endpoints) ? endpoints.items : []) {
    const lines = isScalar(key) ? notes.get(String(key.value)) : undefined;
    if (isScalar(key) && lines && lines.length > 0) {
      key.commentBefore = lines.map((line) => ` ${line}`).join('\n');
    }
  }
  document.commentBefore = comments.join('\n');
  visit(document, {
    Seq(_, node) {
      if (node.items.every(isScalar)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
