import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import packageLock from '../../package-lock.json' with { type: 'json' };
import type { Configuration } from '../deployment/configuration.ts';
import { NATIVE_FILE } from '../probe/native-file.ts';
import { type LockedPackage, PackageUnavailable, tarballOf, WrongPackage } from './npm-package.ts';
import { fileInTarball } from './tarball.ts';

type Architecture = Configuration['architecture'];

/** koffi for Linux with glibc on one processor, or in one line why it cannot be had. */
export type NativePart =
  | { readonly contents: Buffer; readonly missing: null }
  | { readonly contents: null; readonly missing: string };

const found = new Map<Architecture, NativePart>();

/**
 * The file that must lie beside a prober's bundle for the kernel's TCP clock: as it is installed, or, since npm installs
 * koffi for the machine at hand only, out of the package that package-lock.json names. Looked for once a process.
 *
 * @throws WrongPackage when the package is not what the lockfile says.
 */
export function nativePart(architecture: Architecture): NativePart {
  const known = found.get(architecture);
  if (known) return known;
  const installed = installedNativePart(architecture);
  const part: NativePart = installed ? { contents: installed, missing: null } : fetched(architecture);
  found.set(architecture, part);
  return part;
}

/** The file as npm installed it; null: it is for another machine than this one, or optional packages were left out. */
export function installedNativePart(architecture: Architecture): Buffer | null {
  let home: string;
  try {
    home = dirname(createRequire(import.meta.url).resolve(`${nameOf(architecture)}/package.json`));
  } catch {
    return null;
  }
  const file = join(home, placeOf(architecture));
  return existsSync(file) ? readFileSync(file) : null;
}

/** What package-lock.json says of koffi's package for Linux on a processor. */
export function lockedNativePart(architecture: Architecture): LockedPackage {
  const name = nameOf(architecture);
  const { version, integrity } = packageLock.packages[`node_modules/${name}`];
  return { name, version, integrity };
}

function fetched(architecture: Architecture): NativePart {
  const locked = lockedNativePart(architecture);
  try {
    const contents = fileInTarball(tarballOf(locked), `package/${placeOf(architecture)}`);
    if (contents) return { contents, missing: null };
    throw new WrongPackage(`${locked.name}@${locked.version} has no ${placeOf(architecture)}`);
  } catch (error) {
    if (!(error instanceof PackageUnavailable)) throw error;
    return {
      contents: null,
      missing: `npm could not fetch ${locked.name}@${locked.version}: ${error.message}`,
    };
  }
}

const nameOf = (architecture: Architecture) => `@koromix/koffi-linux-${architecture}` as const;

/** Beside it lies the one for musl; Lambda's Amazon Linux has glibc. */
const placeOf = (architecture: Architecture): string => `linux_${architecture}/${NATIVE_FILE}`;
