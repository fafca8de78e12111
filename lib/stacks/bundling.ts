import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Annotations, AssetHashType, DockerImage, type Stack } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync, type OutputFile } from 'esbuild';
import type { Configuration } from '../deployment/configuration.ts';
import { NATIVE_FILE } from '../probe/native-file.ts';
import { installedNativePart, nativePart } from './native-part.ts';
import type { FunctionName } from './permissions.ts';

type Target = Pick<Configuration, 'architecture' | 'local'>;

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

const NAMES: readonly FunctionName[] = ['api', 'dispatch', 'judge', 'probe', 'watchdog'];

/** What `codeOf` bundles exports it under this name. */
export const HANDLER = 'index.handler';

/**
 * One minified ESM file and its source map: what a cold start has to read. The prober's native part lies beside it. Bundled only
 * where the CDK wants assets. The same sources are the same bytes wherever checkout and cloud assembly lie, so that a
 * deployment from another machine does not replace functions that have not changed.
 */
export function codeOf(name: FunctionName, target: Target): AssetCode {
  return Code.fromAsset(PROJECT_ROOT, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never run; it tells the CDK's cache of bundles apart what differs only in the closure below.
      command: [name, target.architecture],
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(directory) {
          for (const { path, contents } of bundleOf(name))
            writeFileSync(join(directory, basename(path)), contents);
          const native = name === 'probe' ? nativePartFor(target) : null;
          if (native) writeFileSync(join(directory, NATIVE_FILE), native);
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
  }).outputFiles;
  const directory = join(PROJECT_ROOT, 'bundles', name, '/');
  return bundles.filter(({ path }) => path.startsWith(directory));
}

/** Null: the prober goes by the event loop's clock. On one machine nothing is ever fetched. */
const nativePartFor = ({ architecture, local }: Target): Buffer | null =>
  local ? installedNativePart(architecture) : nativePart(architecture).contents;

/** Says so where the probers are built without their native part, and what to do about it. */
export function noteMissingClock(stack: Stack, { architecture, local }: Target): void {
  if (local || !stack.bundlingRequired) return;
  const { missing } = nativePart(architecture);
  if (missing === null) return;
  Annotations.of(stack).addWarningV2(
    'parallax:loopClock',
    `tcp timings will be those of the event loop and not the kernel's, because ${missing}; synthesize again when npm reaches its registry, or deploy with --strict to be stopped`,
  );
}
