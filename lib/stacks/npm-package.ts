import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One package of package-lock.json. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** As npm writes it: `sha512-` and base64 (W3C Subresource Integrity). */
  readonly integrity: string;
}

/** What npm gave is not the package that was locked. */
export class WrongPackage extends Error {
  override readonly name = 'WrongPackage';
}

/** npm could not fetch it: no network, most of the time. The message is npm's own first line of error. */
export class PackageUnavailable extends Error {
  override readonly name = 'PackageUnavailable';
}

/** What npm has in its own cache it gives without a network; and one look is enough where there is none. */
const PACK = ['pack', '--prefer-offline', '--fetch-retries=0', '--ignore-scripts', '--loglevel=error'];
const NPM_TIMEOUT_MS = 60_000;

/**
 * The tarball of a package that `npm ci` leaves out because it is for another machine than this one. The user's own npm
 * gives it, with the registry and the credentials that it is configured for.
 *
 * @throws PackageUnavailable; WrongPackage when it is not what the lockfile says.
 */
export function tarballOf(locked: LockedPackage): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'parallax-package-'));
  try {
    const tarball = pack(locked, directory);
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    if (integrity === locked.integrity) return tarball;
    throw new WrongPackage(
      `${locked.name}@${locked.version} as npm gives it is not the one that package-lock.json names (${locked.integrity}): find out why before you deploy`,
      { cause: { locked, integrity } },
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function pack({ name, version }: LockedPackage, directory: string): Buffer {
  try {
    execFileSync('npm', [...PACK, '--pack-destination', directory, `${name}@${version}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: NPM_TIMEOUT_MS,
    });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : '';
    const why = said.split('\n').find((line) => line.startsWith('npm error '));
    throw new PackageUnavailable(why ?? (cause instanceof Error ? cause.message : String(cause)), { cause });
  }
  const [file] = readdirSync(directory);
  if (file === undefined) throw new PackageUnavailable('npm pack wrote nothing');
  return readFileSync(join(directory, file));
}
