/** e_machine of elf.h. */
const MACHINES = new Map([
  [62, 'x64'],
  [183, 'arm64'],
]);

/** What the header of a 64-bit little-endian shared object says, and what it asks for: a C library, and names of which glibc. */
export function readElf(file: Buffer): {
  readonly architecture: string | undefined;
  readonly isForGlibc: boolean;
  readonly glibcMinor: number;
  readonly exportsNapi: boolean;
} {
  const isElf64 = file.readUInt32BE(0) === 0x7f454c46 && file[4] === 2 && file[5] === 1;
  const ET_DYN = 3;
  if (!isElf64 || file.readUInt16LE(16) !== ET_DYN) throw new Error('not a 64-bit shared object');
  const text = file.toString('latin1');
  const minors = [...text.matchAll(/\0GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  return {
    architecture: MACHINES.get(file.readUInt16LE(18)),
    isForGlibc: text.includes('\0libc.so.6\0'),
    glibcMinor: Math.max(...minors),
    exportsNapi: text.includes('\0napi_register_module_v1\0'),
  };
}
