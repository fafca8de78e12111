import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NATIVE_FILE } from '../../lib/probe/native-file.ts';
import type { FunctionName } from '../../lib/stacks/permissions.ts';
import { WRITTEN } from '../support/app.ts';
import { type Bundle, synthesizeBundles } from '../support/bundles.ts';

const HOME: readonly FunctionName[] = ['judge', 'watchdog', 'api'];
const REGION: readonly FunctionName[] = ['dispatch', 'probe'];

const execute = promisify(execFile);
const outdir = mkdtempSync(join(tmpdir(), 'parallax-bundles-'));

let bundles: ReadonlyMap<string, Bundle>;

function bundleOf(name: FunctionName): Bundle {
  const bundle = bundles.get(name);
  if (!bundle) throw new Error(`no bundle of ${name}`);
  return bundle;
}

beforeAll(() => {
  bundles = synthesizeBundles(outdir, WRITTEN);
}, 60_000);

afterAll(() => rmSync(outdir, { recursive: true }));

it.each([...HOME, ...REGION])('the bundle of %s loads on its own and exports its handler', async (name) => {
  const { directory, environment } = bundleOf(name);
  const entry = JSON.stringify(join(directory, 'index.mjs'));
  const script = `const { handler } = await import(${entry}); console.log(typeof handler); process.exit()`;
  const { stdout } = await execute(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: directory,
    env: { PARALLAX: environment, AWS_REGION: 'eu-west-1' },
  });
  expect(stdout.trim()).toBe('function');
});

it.each([...HOME, ...REGION])(
  'the bundle of %s does not depend on where checkout and assembly lie',
  (name) => {
    const { sources } = JSON.parse(readFileSync(join(bundleOf(name).directory, 'index.mjs.map'), 'utf8'));
    // As seen from a directory two below the checkout; an assembly elsewhere would leave it.
    expect(sources).toContain(`../../functions/${name}.ts`);
    const elsewhere = /^(?!\.\.\/\.\.\/(functions|lib|node_modules|package\.json))/;
    expect(sources.filter((source: string) => elsewhere.test(source))).toEqual([]);
  },
);

describe('the bundle of the prober', () => {
  it.runIf(process.platform === 'linux')('has the native part of this processor beside it', () => {
    expect(readdirSync(bundleOf('probe').directory)).toContain(NATIVE_FILE);
  });

  it('is all there is: no other function carries the native part', () => {
    for (const name of [...HOME, 'dispatch'] as const)
      expect(readdirSync(bundleOf(name).directory)).toEqual(['index.mjs', 'index.mjs.map']);
  });
});
