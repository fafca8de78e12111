import { App } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json' with { type: 'json' };
import type { Configuration } from '../deployment/configuration.ts';
import { names } from '../deployment/names.ts';
import { noteMissingClock } from './bundling.ts';
import { HomeStack } from './home-stack.ts';
import { RegionStack } from './region-stack.ts';

export interface AppOptions {
  /** Where the cloud assembly is written. Default: what the CDK command line asks for, else a temporary directory. */
  readonly outdir?: string;
  /** Context beside that of cdk.json, and before it. */
  readonly context?: Readonly<Record<string, unknown>>;
}

export interface Stacks {
  readonly home: HomeStack;
  /** In the order of the configuration's regions. */
  readonly regions: readonly RegionStack[];
}

/** An app with the feature flags of cdk.json, whoever starts it: templates must not depend on that. */
export function newApp(options: AppOptions = {}): App {
  return new App({ context: { ...cdkJson.context, ...options.context }, outdir: options.outdir });
}

/** The home stack, and one region stack a region, deployed after it. No token crosses from one to another. */
export function addStacks(app: App, configuration: Configuration): Stacks {
  const { name, account, homeRegion } = configuration;
  const home = new HomeStack(app, names.homeStack(name), { account, region: homeRegion }, configuration);
  const regions = configuration.regions.map((region) => {
    const stack = new RegionStack(app, names.regionStack(name, region), { account, region }, configuration);
    stack.addStackDependency(home);
    return stack;
  });
  const [first] = regions;
  if (first) noteMissingClock(first, configuration);
  return { home, regions };
}

/** The whole app of one deployment; `app.synth()` writes it. */
export function buildApp(configuration: Configuration, options: AppOptions = {}): App {
  const app = newApp(options);
  addStacks(app, configuration);
  return app;
}
