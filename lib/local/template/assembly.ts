import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Identity, Json, Scope } from './intrinsics.ts';

/** A resource as its template has it, intrinsic functions and all. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Json;
}

export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly resources: readonly Resource[];
  readonly parameters: Readonly<Record<string, Json>>;
  readonly conditions: Readonly<Record<string, Json>>;
  /** Directory of an asset, by the S3 key the template names it with. */
  readonly assets: ReadonlyMap<string, string>;
}

const json = z.custom<Json>();
const artifact = z.object({
  type: z.string(),
  environment: z.optional(z.string()),
  properties: z.optional(
    z.object({ templateFile: z.optional(z.string()), stackName: z.optional(z.string()) }),
  ),
});
const manifest = z.object({ artifacts: z.record(z.string(), artifact) });
const template = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.optional(json), Condition: z.optional(z.string()) }),
  ),
  Parameters: z.optional(z.record(z.string(), z.object({ Default: z.optional(json) }))),
  Conditions: z.optional(z.record(z.string(), json)),
});
const assetManifest = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.optional(z.string()) }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

/** Reads a cloud assembly (`cdk.out`). @throws when a file of it is missing or not of the shape the CDK writes. */
export function readAssembly(directory: string): readonly Stack[] {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(directory, file), 'utf8'));
  const { artifacts } = manifest.parse(read('manifest.json'));
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, { environment = '', properties = {} }]) => {
      const [, account = '', region = ''] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
      const {
        Resources,
        Parameters = {},
        Conditions = {},
      } = template.parse(read(properties.templateFile ?? `${id}.template.json`));
      const { files } = assetManifest.parse(read(`${id}.assets.json`));
      return {
        name: properties.stackName ?? id,
        region,
        account,
        resources: Object.entries(Resources).map(([logicalId, { Type, Properties = {} }]) => ({
          logicalId,
          type: Type,
          properties: Properties,
        })),
        parameters: Object.fromEntries(
          Object.entries(Parameters).map(([name, { Default = null }]) => [name, Default]),
        ),
        conditions: Conditions,
        assets: new Map(
          Object.values(files).flatMap(({ source, destinations }) =>
            Object.values(destinations).map(({ objectKey }): [string, string] => [
              objectKey,
              join(directory, source.path ?? ''),
            ]),
          ),
        ),
      };
    });
}

/** The scope of a stack's references; `identify` is asked once a resource, and a circle of references is an error. */
export function scopeOf(stack: Stack, identify: (resource: Resource, scope: Scope) => Identity): Scope {
  const known = new Map<string, Identity | 'asked'>();
  const scope: Scope = {
    stackName: stack.name,
    region: stack.region,
    account: stack.account,
    parameters: stack.parameters,
    conditions: stack.conditions,
    identify(logicalId) {
      const found = known.get(logicalId);
      if (found === 'asked') throw new Error(`${stack.name}: ${logicalId} refers to itself`);
      if (found) return found;
      const resource = stack.resources.find((candidate) => candidate.logicalId === logicalId);
      if (!resource) throw new Error(`${stack.name}: nothing is called ${logicalId}, yet it is referred to`);
      known.set(logicalId, 'asked');
      const identity = identify(resource, scope);
      known.set(logicalId, identity);
      return identity;
    },
  };
  return scope;
}
