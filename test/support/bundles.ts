import { join } from 'node:path';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { parseConfiguration } from '../../lib/deployment/configuration.ts';
import { names } from '../../lib/deployment/names.ts';
import { buildApp } from '../../lib/stacks/app.ts';

/** A function as it is deployed: the directory of its asset, and what its stack puts into the variable PARALLAX. */
export interface Bundle {
  readonly directory: string;
  readonly environment: string;
}

interface FunctionProperties {
  readonly Description: string;
  readonly Code: { readonly S3Key: string };
  readonly Environment: {
    readonly Variables: { readonly PARALLAX: { readonly 'Fn::Join': readonly [string, readonly unknown[]] } };
  };
}

/**
 * Synthesizes a deployment into `outdir`: the bundles of home and of its first region, by their function's name. Configured as on
 * one machine for its processor, so that they can be run here.
 */
export function synthesizeBundles(
  outdir: string,
  written: { readonly name: string; readonly regions: readonly [string, ...string[]] },
): ReadonlyMap<string, Bundle> {
  const assembly = buildApp(parseConfiguration({ ...written, local: true }), { outdir }).synth();
  const stacks = [names.homeStack(written.name), names.regionStack(written.name, written.regions[0])];
  return new Map(stacks.flatMap((stack) => bundlesOf(assembly.getStackByName(stack), outdir)));
}

function bundlesOf({ template }: CloudFormationStackArtifact, outdir: string): [string, Bundle][] {
  const resources = template.Resources as Record<string, { Type: string; Properties: FunctionProperties }>;
  return Object.values(resources).flatMap(({ Type, Properties }) => {
    if (Type !== 'AWS::Lambda::Function') return [];
    const [, parts] = Properties.Environment.Variables.PARALLAX['Fn::Join'];
    return [
      [
        Properties.Description.replace(/^.*: /, ''),
        {
          directory: join(outdir, `asset.${Properties.Code.S3Key.replace(/\.zip$/, '')}`),
          environment: parts.map((part) => (typeof part === 'string' ? part : 'amazonaws.com')).join(''),
        },
      ],
    ];
  });
}
