import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll } from 'vitest';
import { type Configuration, parseConfiguration } from '../../lib/deployment/configuration.ts';
import { addStacks, newApp, type Stacks } from '../../lib/stacks/app.ts';

/** Functions are not bundled where the templates are what is looked at. */
const WITHOUT_BUNDLES = { 'aws:cdk:bundling-stacks': [] };

const assemblies: string[] = [];
afterAll(() => {
  for (const outdir of assemblies.splice(0)) rmSync(outdir, { recursive: true, force: true });
});

/** An app without bundles; its assembly goes with the test file. */
export function newTestApp(): App {
  const outdir = mkdtempSync(join(tmpdir(), 'parallax-assembly-'));
  assemblies.push(outdir);
  return newApp({ context: WITHOUT_BUNDLES, outdir });
}

/** A deployment in three regions whose home does not probe, so that nothing works by being in one region by chance. */
export const WRITTEN = {
  name: 'watch',
  account: '123456789012',
  homeRegion: 'eu-central-1',
  regions: ['eu-west-1', 'us-east-1'],
  formats: ['json', 'email'],
} as const;

export interface SynthesizedApp extends Stacks {
  readonly app: App;
  readonly configuration: Configuration;
  readonly homeTemplate: Template;
  readonly regionTemplate: Template;
}

/** The app of a configuration, synthesized without bundles; `regionTemplate` is the first region's. */
export function synthesize(written: object = WRITTEN): SynthesizedApp {
  const configuration = parseConfiguration(written);
  const app = newTestApp();
  const { home, regions } = addStacks(app, configuration);
  const [first] = regions;
  if (!first) throw new Error('a configuration has at least one region');
  return {
    app,
    configuration,
    home,
    regions,
    homeTemplate: Template.fromStack(home),
    regionTemplate: Template.fromStack(first),
  };
}
