import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkClock } from '../../lib/probe/clock-check.ts';
import { NATIVE_FILE } from '../../lib/probe/native-file.ts';
import { tcpClock } from '../../lib/probe/tcp-clock.ts';
import type { ClockCheck, ClockTrouble } from '../../lib/round/clock.ts';
import { silentPort } from '../support/silent-port.ts';

const run = promisify(execFile);
const LIB = join(import.meta.dirname, '../../lib/probe');
const CHILD = join(import.meta.dirname, '../support/clock-child.ts');
const isLinux = process.platform === 'linux';
const { header } = process.report.getReport() as { readonly header: object };
const hasGlibc = isLinux && 'glibcVersionRuntime' in header;
const EPERM = 1;

/** A file of koffi's package for Linux on this processor. */
function koffi(libc: 'linux' | 'musl'): Promise<Buffer> {
  const require = createRequire(import.meta.url);
  const home = dirname(require.resolve(`@koromix/koffi-linux-${process.arch}/package.json`));
  return readFile(join(home, `${libc}_${process.arch}`, NATIVE_FILE));
}

/** Says in its header (e_machine of elf.h) that it is for an S/390. */
async function forAnotherProcessor(): Promise<Buffer> {
  const file = await koffi('linux');
  file.writeUInt16LE(22, 18);
  return file;
}

interface Surroundings {
  readonly name: string;
  readonly on: boolean;
  /** What lies beside the bundle. */
  readonly beside: () => Promise<Buffer> | null;
  readonly fault?: string;
  readonly prefix?: readonly string[];
  readonly expect: { readonly trouble: ClockTrouble | null };
}

const glibc = () => koffi('linux');
const canUnshare = await run('unshare', ['-Urn', 'true']).then(
  () => true,
  () => false,
);

const SURROUNDINGS: readonly Surroundings[] = [
  { name: 'koffi beside it', on: hasGlibc, beside: glibc, expect: { trouble: null } },
  { name: 'nothing beside it', on: isLinux, beside: () => null, expect: { trouble: 'koffi_missing' } },
  {
    name: 'koffi for another C library (Alpine has musl)',
    on: hasGlibc,
    beside: () => koffi('musl'),
    expect: { trouble: 'koffi_missing' },
  },
  {
    name: 'koffi for another processor',
    on: hasGlibc,
    beside: forAnotherProcessor,
    expect: { trouble: 'koffi_missing' },
  },
  {
    name: 'a file that is no library',
    on: hasGlibc,
    beside: async () => Buffer.from('not an ELF file'),
    expect: { trouble: 'koffi_missing' },
  },
  {
    name: 'a sandbox that forbids TCP_INFO',
    on: hasGlibc,
    beside: glibc,
    fault: `errno:${EPERM}`,
    expect: { trouble: 'kernel_refuses' },
  },
  {
    name: 'a kernel that fills in nothing',
    on: hasGlibc,
    beside: glibc,
    fault: 'errno:0',
    expect: { trouble: 'implausible' },
  },
  {
    name: 'another system',
    on: true,
    beside: glibc,
    fault: 'platform:darwin',
    expect: { trouble: 'not_linux' },
  },
  {
    name: 'a network namespace whose loopback is down',
    on: hasGlibc && canUnshare,
    beside: glibc,
    prefix: ['unshare', '-Urn'],
    expect: { trouble: null },
  },
];

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'clock-check-'));
  await build({
    stdin: {
      contents: `export { checkClock } from './clock-check.ts'; export { dial } from './tcp.ts'; export { loopWatch } from './clock.ts';`,
      resolveDir: LIB,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    minify: true,
    outfile: join(directory, 'index.mjs'),
  });
});
afterAll(() => rm(directory, { recursive: true }));

interface Said {
  readonly check: ClockCheck;
  readonly dialled: { readonly ok: boolean; readonly clock?: string; readonly synRetransmits: number };
}

async function ask(
  { name, beside, fault = '', prefix = [] }: Omit<Surroundings, 'on' | 'expect'>,
  port: readonly number[] = [],
): Promise<Said> {
  const home = join(directory, name);
  await mkdir(home);
  const bundle = join(home, 'index.mjs');
  await writeFile(bundle, await readFile(join(directory, 'index.mjs')));
  const file = await beside();
  if (file) await writeFile(join(home, NATIVE_FILE), file);
  const [command = '', ...rest] = [...prefix, process.execPath, CHILD, bundle, fault, ...port.map(String)];
  return JSON.parse((await run(command, rest)).stdout);
}

describe('a prober with', () => {
  for (const one of SURROUNDINGS) {
    it.runIf(one.on)(one.name, async () => {
      const { check, dialled } = await ask(one);
      const { trouble } = one.expect;
      const clock = trouble === null ? 'kernel' : 'loop';
      expect(check).toMatchObject({ tcpClock: clock, trouble });
      // Where loopback is down there is nothing to measure, and no reason to trust the kernel less.
      if (one.prefix) {
        expect(check).toMatchObject({ kernelMs: null, loopMs: null });
        return;
      }
      expect(dialled).toEqual({ ok: true, clock, synRetransmits: 0 });
      expect(check.loopMs).toBeGreaterThan(0);
      if (clock === 'loop') expect(check.kernelMs).toBeNull();
      else expect(check.kernelMs).toBeLessThanOrEqual(check.loopMs ?? 0);
    });
  }
});

it.runIf(isLinux)(
  'a SYN that was sent again is seen without the kernel too, by how long it took',
  async () => {
    const silent = await silentPort();
    try {
      const { check, dialled } = await ask({ name: 'a silent port', beside: () => null }, [silent.port]);
      expect(check.trouble).toBe('koffi_missing');
      expect(dialled).toEqual({ ok: false, synRetransmits: 1 });
    } finally {
      await silent.close();
    }
  },
);

it('checks once a process', async () => {
  expect(checkClock()).toBe(checkClock());
  expect((await checkClock()).tcpClock).toBe(tcpClock());
});
