import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PackageUnavailable, tarballOf, WrongPackage } from '../../lib/stacks/npm-package.ts';
import { fileInTarball } from '../../lib/stacks/tarball.ts';
import { startRegistry } from '../support/npm-registry.ts';

const NAME = '@parallax-test/native';
const DEEP = `package/${'deep/'.repeat(25)}file`;
const NATIVE = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 255, 10, 13]);

let home: string;
let tarball: Buffer;
let integrity: string;
let registry: Awaited<ReturnType<typeof startRegistry>>;

/** A package as npm would pack it, made by another program than the one that reads it. */
function packed(): Buffer {
  const files = {
    'package/package.json': Buffer.from(JSON.stringify({ name: NAME, version: '1.0.0' })),
    'package/empty': Buffer.alloc(0),
    'package/block': Buffer.alloc(512, 'b'),
    [DEEP]: Buffer.from('deep'),
    'package/native.node': NATIVE,
  };
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(join(home, dirname(path)), { recursive: true });
    writeFileSync(join(home, path), contents);
  }
  execFileSync('tar', ['--format=ustar', '-czf', 'package.tgz', ...Object.keys(files)], { cwd: home });
  return readFileSync(join(home, 'package.tgz'));
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'parallax-npm-'));
  tarball = packed();
  integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  registry = await startRegistry({ name: NAME, version: '1.0.0', tarball, integrity });
  vi.stubEnv('npm_config_registry', registry.url);
  vi.stubEnv('npm_config_cache', join(home, 'cache'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await registry.close();
  rmSync(home, { recursive: true });
});

describe('a file in a tarball', () => {
  it.each([
    ['package/native.node', NATIVE],
    ['package/block', Buffer.alloc(512, 'b')],
    ['package/empty', Buffer.alloc(0)],
    [DEEP, Buffer.from('deep')],
    ['package/none', null],
  ])('%s', (path, contents) => expect(fileInTarball(tarball, path)).toEqual(contents));
});

describe('a package for another machine', () => {
  const locked = () => ({ name: NAME, version: '1.0.0', integrity });

  it('is fetched with the npm of the user, from the registry that it is configured for', () => {
    expect(tarballOf(locked()).equals(tarball)).toBe(true);
  });

  it('is refused when it is not the one that was locked, although the registry vouches for it', () => {
    const other = { ...locked(), integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}` };
    expect(() => tarballOf(other)).toThrow(WrongPackage);
    expect(() => tarballOf(other)).toThrow(`${NAME}@1.0.0 as npm gives it is not the one`);
  });

  it('that does not exist is told in one line', () => {
    const none = () => tarballOf({ ...locked(), version: '2.0.0' });
    expect(none).toThrow(PackageUnavailable);
    expect(none).toThrow(/^npm error code ETARGET$/);
  });

  it('is there without a network once npm has it, and told in one line while it has not', async () => {
    await registry.close();
    expect(tarballOf(locked()).equals(tarball)).toBe(true);
    vi.stubEnv('npm_config_cache', join(home, 'another cache'));
    expect(() => tarballOf(locked())).toThrow(/^npm error code ECONNREFUSED$/);
  });
});
