import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from './usage-error.ts';

/** The directory cannot be had: one line that names it and the remedy. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
}

/** A directory that this process alone uses. */
export interface DataDirectory {
  /** Where the table is. */
  readonly tablePath: string;
  release(): void;
}

/**
 * Makes a directory if need be and claims it for this process, by a file with the process's number: two processes that
 * write one LevelDB store end in an uncaught error at the first request.
 * @throws DataDirectoryError when it cannot be written or is in use.
 */
export function claimDataDirectory(path: string): DataDirectory {
  const claim = join(path, 'in-use-by');
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    take(path, claim);
  } catch (cause) {
    if (cause instanceof DataDirectoryError) throw cause;
    throw new DataDirectoryError(
      `the data directory ${path} cannot be written: ${messageOf(cause)}; name another`,
      { cause },
    );
  }
  return { tablePath: join(path, 'table'), release: () => rmSync(claim, { force: true }) };
}

function take(path: string, claim: string): void {
  if (write(claim)) return;
  const owner = Number(readFileSync(claim, 'utf8'));
  if (isAlive(owner)) {
    throw new DataDirectoryError(
      `the data directory ${path} is in use by process ${owner}: end that, or name another (if it is something else, remove ${claim})`,
      { cause: { path, owner } },
    );
  }
  rmSync(claim);
  if (!write(claim)) {
    throw new DataDirectoryError(`the data directory ${path} is in use: name another`, { cause: { path } });
  }
}

/** False: the file exists. */
function write(claim: string): boolean {
  try {
    writeFileSync(claim, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: alive, and of another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
