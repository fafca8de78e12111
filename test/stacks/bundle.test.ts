import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../lib/deployment/configuration.ts';
import { names } from '../../lib/deployment/names.ts';
import { NATIVE_FILE } from '../../lib/probe/native-file.ts';
import { buildApp } from '../../lib/stacks/app.ts';
import type { FunctionName } from '../../lib/stacks/permissions.ts';
import { WRITTEN } from '../support/app.ts';

const HOME: readonly FunctionName[] = ['judge', 'watchdog', 'api'];
const REGION: readonly FunctionName[] = ['dispatch', 'probe'];

const execute = promisify(execFile);
const outdir = mkdtempSync(join(tmpdir(), 'parallax-bundles-'));

interface FunctionProperties {
  readonly Description: string;
  readonly Code: { readonly S3Key: string };
  readonly Environment: {
    readonly Variables: { readonly PARALLAX: { readonly 'Fn::Join': readonly [string, readonly unknown[]] } };
  };
}

interface Bundle {
  readonly directory: string;
  readonly environment: string;
}

const bundles = new Map<string, Bundle>();

function addBundlesOf({ template }: CloudFormationStackArtifact): void {
  const resources = template.Resources as Record<string, { Type: string; Properties: FunctionProperties }>;
  for (const { Type, Properties } of Object.values(resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const [, parts] = Properties.Environment.Variables.PARALLAX['Fn::Join'];
    bundles.set(Properties.Description.replace(/^.*: /, ''), {
      directory: join(outdir, `asset.${Properties.Code.S3Key.replace(/\.zip$/, '')}`),
      environment: parts.map((part) => (typeof part === 'string' ? part : 'amazonaws.com')).join(''),
    });
  }
}

function bundleOf(name: FunctionName): Bundle {
  const bundle = bundles.get(name);
  if (!bundle) throw new Error(`no bundle of ${name}`);
  return bundle;
}

beforeAll(() => {
  // Configured as on one machine for its processor, since the bundles are run here.
  const assembly = buildApp(parseConfiguration({ ...WRITTEN, local: true }), { outdir }).synth();
  addBundlesOf(assembly.getStackByName(names.homeStack('watch')));
  addBundlesOf(assembly.getStackByName(names.regionStack('watch', 'eu-west-1')));
}, 60_000);

afterAll(() => rmSync(outdir, { recursive: true }));

it.each([...HOME, ...REGION])('the bundle of %s loads on its own and exports its handler', async (name) => {
  const { directory, environment } = bundleOf(name);
  const entry = JSON.stringify(join(directory, 'index.mjs'));
  const script = `const { handler } = await import(${entry}); console.log(typeof handler); process.exit()`;
  const { stdout } = await execute(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: directory,
    env: { PARALLAX: environment, AWS_REGION: 'eu-west-1' },
  });
  expect(stdout.trim()).toBe('function');
});

it.each([...HOME, ...REGION])(
  'the bundle of %s does not depend on where checkout and assembly lie',
  (name) => {
    const { sources } = JSON.parse(readFileSync(join(bundleOf(name).directory, 'index.mjs.map'), 'utf8'));
    // As seen from a directory two below the checkout; an assembly elsewhere would leave it.
    expect(sources).toContain(`../../functions/${name}.ts`);
    const elsewhere = /^(?!\.\.\/\.\.\/(functions|lib|node_modules|package\.json))/;
    expect(sources.filter((source: string) => elsewhere.test(source))).toEqual([]);
  },
);

describe('the bundle of the prober', () => {
  it.runIf(process.platform === 'linux')('has the native part of this processor beside it', () => {
    expect(readdirSync(bundleOf('probe').directory)).toContain(NATIVE_FILE);
  });

  it('is all there is: no other function carries the native part', () => {
    for (const name of [...HOME, 'dispatch'] as const)
      expect(readdirSync(bundleOf(name).directory)).toEqual(['index.mjs', 'index.mjs.map']);
  });
});
