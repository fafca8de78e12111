import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Configuration } from '../deployment/configuration.ts';
import type { Children } from './children.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const APP = fileURLToPath(new URL('../../bin/app.ts', import.meta.url));

/**
 * Synthesizes the CDK app into `directory`, by the protocol of the CDK command line (CDK_OUTDIR, CDK_CONTEXT_JSON). In a
 * process of its own: the CDK's memory goes with it.
 * @throws with what the app wrote when it fails.
 */
export async function synthesize(
  configuration: Configuration,
  directory: string,
  children: Children,
): Promise<void> {
  const child = children.spawn(process.execPath, [APP], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify({ parallax: configuration }),
      // Half of the time, for what CloudFormation would refuse: no matter here, and a test asks it of these templates.
      CDK_VALIDATION: 'false',
      // No version of the CDK command line is behind this; the app only asks it to be new enough.
      JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: '1',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const [how, written] = await Promise.all([ended, child.stderr ? text(child.stderr) : '']);
  if (how !== 'exit code 0') throw new Error(`the stack cannot be synthesized (${how}):\n${written.trim()}`);
}
