import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KOFFI_EXTERNALS, koffiFiles } from '../../lib/probe/koffi-files.ts';

const run = promisify(execFile);
const processor = process.arch === 'arm64' ? 'arm64' : 'x64';
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'koffi-files-'));
  await build({
    stdin: {
      contents: `import { tcpClock } from './clock-check.ts'; console.log(tcpClock());`,
      resolveDir: new URL('../../lib/probe', import.meta.url).pathname,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    minify: true,
    external: [...KOFFI_EXTERNALS],
    outfile: join(directory, 'index.mjs'),
  });
});
afterAll(() => rm(directory, { recursive: true }));

const clockOfBundle = async (): Promise<string> =>
  (await run(process.execPath, [join(directory, 'index.mjs')], { cwd: directory })).stdout.trim();

describe("koffi's native part beside a bundle", () => {
  it('is not needed: the loop is the clock without it', async () => {
    expect(await clockOfBundle()).toBe('loop');
  });

  it.runIf(process.platform === 'linux')('gives the bundle the kernel clock', async () => {
    const files = koffiFiles(processor);
    expect(files.map(({ to }) => to)).toEqual(['koffi.node']);
    for (const { from, to } of files) await copyFile(from, join(directory, to));
    expect(await clockOfBundle()).toBe('kernel');
  });

  it('is left out when the package for a processor is not installed', () => {
    for (const architecture of ['x64', 'arm64'] as const) {
      expect(koffiFiles(architecture).length).toBeLessThanOrEqual(1);
    }
  });
});
