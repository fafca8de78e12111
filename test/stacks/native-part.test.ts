import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { App, Stack } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { NATIVE_FILE } from '../../lib/probe/native-file.ts';
import { codeOf } from '../../lib/stacks/bundling.ts';
import { installedNativePart, lockedNativePart, nativePart } from '../../lib/stacks/native-part.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { readElf } from '../support/elf.ts';

/** What a cold start has to read of the prober: its JavaScript, and all of it as it is stored. */
const MAX_PROBE_BYTES = 600_000;
const MAX_PROBE_ZIP_BYTES = 1_000_000;
/** Amazon Linux 2023, on which the Node 24 runtime of Lambda runs, has glibc 2.34. */
const GLIBC_MINOR = 34;

const outdir = mkdtempSync(join(tmpdir(), 'parallax-native-'));
afterAll(() => rmSync(outdir, { recursive: true }));

function filesOfProber(architecture: 'arm64' | 'x64'): string[] {
  const stack = new Stack(new App({ outdir: join(outdir, architecture) }), 'Stack');
  codeOf('probe', { architecture, local: false }).bind(stack);
  const directory = join(outdir, architecture);
  const [asset] = readdirSync(directory).filter((name) => name.startsWith('asset.'));
  if (asset === undefined) throw new Error('no asset');
  return readdirSync(join(directory, asset)).map((name) => join(directory, asset, name));
}

describe.each(['arm64', 'x64'] as const)(
  "a prober's asset for %s, wherever it is synthesized",
  (architecture) => {
    it('holds koffi for that processor and the C library of Lambda, and nothing that is not needed', ({
      skip,
    }) => {
      const { missing } = nativePart(architecture);
      skip(missing !== null, missing ?? '');
      const files = filesOfProber(architecture);
      expect(files.map((path) => path.replace(/.*\//, ''))).toEqual([
        'index.mjs',
        'index.mjs.map',
        NATIVE_FILE,
      ]);
      const [script = '', , native = ''] = files;
      const elf = readElf(readFileSync(native));
      expect(elf).toMatchObject({ architecture, isForGlibc: true, exportsNapi: true });
      expect(elf.glibcMinor).toBeLessThanOrEqual(GLIBC_MINOR);
      expect(statSync(script).size).toBeLessThanOrEqual(MAX_PROBE_BYTES);
      const zipBytes = files.reduce((sum, path) => sum + deflateRawSync(readFileSync(path)).length, 0);
      expect(zipBytes).toBeLessThanOrEqual(MAX_PROBE_ZIP_BYTES);
    });

    it('is of the version that is installed, by the lockfile', () => {
      const { version, integrity } = lockedNativePart(architecture);
      expect(version).toBe(packageJson.dependencies.koffi);
      expect(integrity).toMatch(/^sha512-/);
    });
  },
);

it('on one machine nothing is fetched: a processor that npm did not install for has no native part', () => {
  const other = process.arch === 'arm64' ? 'x64' : 'arm64';
  expect(installedNativePart(other)).toBeNull();
  const stack = new Stack(new App({ outdir: join(outdir, 'local') }), 'Stack');
  codeOf('probe', { architecture: other, local: true }).bind(stack);
  const [asset = ''] = readdirSync(join(outdir, 'local')).filter((name) => name.startsWith('asset.'));
  expect(readdirSync(join(outdir, 'local', asset))).toEqual(['index.mjs', 'index.mjs.map']);
});
