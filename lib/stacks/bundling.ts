import { join } from 'node:path';
import { Annotations } from 'aws-cdk-lib';
import { type BundlingOptions, LogLevel, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import packageJson from '../../package.json' with { type: 'json' };
import type { Configuration } from '../deployment/configuration.ts';
import { KOFFI_EXTERNALS, koffiFiles } from '../probe/koffi-files.ts';
import type { FunctionName } from './permissions.ts';

type Architecture = Configuration['architecture'];

/** One minified ESM file and its source map: what a cold start has to read. The prober's native part lies beside it. */
export function bundlingOf(name: FunctionName, architecture: Architecture): BundlingOptions {
  return {
    format: OutputFormat.ESM,
    target: 'node24',
    minify: true,
    sourceMap: true,
    sourcesContent: false,
    mainFields: ['module', 'main'],
    logLevel: LogLevel.WARNING,
    // The SDK of the runtime is older than ours and slower to load than a bundled one.
    externalModules: name === 'probe' ? [...KOFFI_EXTERNALS] : [],
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (_inputDir, outputDir) => (name === 'probe' ? copies(architecture, outputDir) : []),
    },
  };
}

/** Says so where the probers will be built without their native part, and what to do about it. */
export function noteMissingClock(scope: Construct, architecture: Architecture): void {
  if (koffiFiles(architecture).length > 0) return;
  // npm refuses a package for another processor unless it is forced.
  const remedy = `npm install --no-save --force @koromix/koffi-linux-${architecture}@${packageJson.dependencies.koffi}`;
  Annotations.of(scope).addWarningV2(
    'parallax:loopClock',
    `tcp timings will be those of the event loop and not the kernel's, because koffi is not installed for linux-${architecture}; to have them: ${remedy}`,
  );
}

function copies(architecture: Architecture, outputDir: string): string[] {
  const copy = process.platform === 'win32' ? 'copy' : 'cp';
  return koffiFiles(architecture).map(({ from, to }) => `${copy} "${from}" "${join(outputDir, to)}"`);
}
