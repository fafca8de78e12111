import { copyFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Annotations, AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { buildSync, type OutputFile } from 'esbuild';
import packageJson from '../../package.json' with { type: 'json' };
import type { Configuration } from '../deployment/configuration.ts';
import { KOFFI_EXTERNALS, koffiFiles } from '../probe/koffi-files.ts';
import type { FunctionName } from './permissions.ts';

type Architecture = Configuration['architecture'];

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

const NAMES: readonly FunctionName[] = ['api', 'dispatch', 'judge', 'probe', 'watchdog'];

/** What `codeOf` bundles exports it under this name. */
export const HANDLER = 'index.handler';

/**
 * One minified ESM file and its source map: what a cold start has to read. The prober's native part lies beside it. Bundled only
 * where the CDK wants assets. The same sources are the same bytes wherever checkout and cloud assembly lie, so that a
 * deployment from another machine does not replace functions that have not changed.
 */
export function codeOf(name: FunctionName, architecture: Architecture): AssetCode {
  return Code.fromAsset(PROJECT_ROOT, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never run; it tells the CDK's cache of bundles apart what differs only in the closure below.
      command: [name, architecture],
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(directory) {
          for (const { path, contents } of bundleOf(name))
            writeFileSync(join(directory, basename(path)), contents);
          if (name === 'probe')
            for (const { from, to } of koffiFiles(architecture)) copyFileSync(from, join(directory, to));
          return true;
        },
      },
    },
  });
}

let bundles: readonly OutputFile[] | undefined;

/** All functions at once: each file they share, the SDK above all, is read and parsed once. */
function bundleOf(name: FunctionName): readonly OutputFile[] {
  bundles ??= buildSync({
    absWorkingDir: PROJECT_ROOT,
    entryPoints: Object.fromEntries(NAMES.map((one) => [`${one}/index`, `functions/${one}.ts`])),
    // Nothing is written here, but source maps name their sources as seen from it.
    outdir: 'bundles',
    write: false,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    // The SDK is bundled too: that of the runtime is older than ours and slower to load.
    external: [...KOFFI_EXTERNALS],
  }).outputFiles;
  const directory = join(PROJECT_ROOT, 'bundles', name, '/');
  return bundles.filter(({ path }) => path.startsWith(directory));
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
