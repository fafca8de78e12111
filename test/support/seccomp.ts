import { createRequire } from 'node:module';

interface Koffi {
  struct(name: string, members: object): unknown;
  load(path: null): { func(declaration: string): (...arguments_: unknown[]) => number };
}

/** Of linux/prctl.h, linux/seccomp.h and linux/bpf_common.h. */
const PR_SET_SECCOMP = 22;
const PR_SET_NO_NEW_PRIVS = 38;
const SECCOMP_MODE_FILTER = 2n;
const RET_ERRNO = 0x0005_0000;
const RET_ALLOW = 0x7fff_0000;
const LOAD_WORD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;
/** Where struct seccomp_data has the call's number and the low half of its third argument. */
const NUMBER_AT = 0;
const THIRD_AT = 32;

const GETSOCKOPT = process.arch === 'arm64' ? 209 : 55;
const TCP_INFO = 11;

/**
 * From now on the kernel answers this process's getsockopt(TCP_INFO) with an error, as in a sandbox, or, with 0, says that all is
 * well and fills in nothing. Needs no privileges; there is no way back.
 */
export function refuseTcpInfo(errno: number): void {
  const koffi = createRequire(import.meta.url)(`@koromix/koffi-linux-${process.arch}`) as Koffi;
  koffi.struct('sock_fprog', { length: 'uint16_t', filter: 'uint8_t *' });
  const prctl = koffi
    .load(null)
    .func(
      'int prctl(int option, unsigned long value, sock_fprog *program, unsigned long d, unsigned long e)',
    );
  const program = [
    [LOAD_WORD, 0, 0, NUMBER_AT],
    [JUMP_IF_EQUAL, 0, 3, GETSOCKOPT],
    [LOAD_WORD, 0, 0, THIRD_AT],
    [JUMP_IF_EQUAL, 0, 1, TCP_INFO],
    [RETURN, 0, 0, RET_ERRNO | errno],
    [RETURN, 0, 0, RET_ALLOW],
  ] as const;
  const filter = Buffer.alloc(8 * program.length);
  program.forEach(([code, yes, no, value], n) => {
    filter.writeUInt16LE(code, 8 * n);
    filter.writeUInt8(yes, 8 * n + 2);
    filter.writeUInt8(no, 8 * n + 3);
    filter.writeUInt32LE(value, 8 * n + 4);
  });
  const done =
    prctl(PR_SET_NO_NEW_PRIVS, 1n, null, 0n, 0n) === 0 &&
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, { length: program.length, filter }, 0n, 0n) === 0;
  if (!done) throw new Error('the kernel takes no seccomp filter');
}
