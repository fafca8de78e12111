import { ConfigurationError, parseConfiguration } from '../lib/deployment/configuration.ts';
import { addStacks, newApp } from '../lib/stacks/app.ts';
import { WrongPackage } from '../lib/stacks/npm-package.ts';

/** The CDK app: `npx cdk synth|deploy`. Its configuration is the context `parallax`, an object or the JSON of one. */
try {
  const app = newApp();
  const written: unknown = app.node.tryGetContext('parallax');
  addStacks(app, parseConfiguration(typeof written === 'string' ? parseJson(written) : written));
} catch (error) {
  if (!(error instanceof ConfigurationError || error instanceof WrongPackage)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError([
      `-c parallax=…: not JSON (${String(cause)}); write -c parallax='{"name": "…"}'`,
    ]);
  }
}
