import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What a bundle calls the native part that lies beside it. */
export const NATIVE_FILE = 'koffi.node';

export interface BundledFile {
  /** Absolute path on the machine that bundles. */
  readonly from: string;
  /** Path inside the bundle's directory. */
  readonly to: string;
}

/**
 * The files that must lie beside a prober's bundle for the kernel's TCP clock, for Linux with glibc on one processor. Empty
 * when koffi's package for that processor is not installed; the prober then uses the event loop's clock.
 */
export function koffiFiles(architecture: 'x64' | 'arm64'): readonly BundledFile[] {
  const name = `@koromix/koffi-linux-${architecture}`;
  let home: string;
  try {
    home = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return [];
  }
  const from = join(home, `linux_${architecture}`, NATIVE_FILE);
  return existsSync(from) ? [{ from, to: NATIVE_FILE }] : [];
}

/** Nothing: the native part is found at run time, so the bundler never sees it. */
export const KOFFI_EXTERNALS: readonly string[] = [];
