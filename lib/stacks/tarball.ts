import { gunzipSync } from 'node:zlib';

/** POSIX.1-2017 pax, "ustar Interchange Format": blocks of 512 bytes, and where a header's fields lie. */
const BLOCK = 512;
const NAME = [0, 100] as const;
const SIZE = [124, 136] as const;
const PREFIX = [345, 500] as const;

/** Far beyond what any package of ours unpacks to. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The contents of one file of a .tgz; null: it is not in there. Enough for the archives that npm makes, no more. */
export function fileInTarball(tarball: Uint8Array, path: string): Buffer | null {
  const tar = gunzipSync(tarball, { maxOutputLength: MAX_BYTES });
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const text = ([from, to]: readonly [number, number]): string =>
      tar.toString('latin1', at + from, at + to).replace(/\0.*$/s, '');
    const prefix = text(PREFIX);
    const name = prefix === '' ? text(NAME) : `${prefix}/${text(NAME)}`;
    const size = Number.parseInt(text(SIZE).trim() || '0', 8);
    const begin = at + BLOCK;
    if (name === path) return tar.subarray(begin, begin + size);
    at = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
  return null;
}
