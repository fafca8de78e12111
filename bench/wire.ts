import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

/** IPPROTO_TCP and TCP_INFO of linux/in.h and linux/tcp.h. */
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
/** Offsets in struct tcp_info of linux/tcp.h. */
const SEGS_OUT_AT = 136;
const BYTES_SENT_AT = 200;
const FILLED = 208;

/** IPv4 (RFC 791) 20, TCP (RFC 9293) 20, timestamps (RFC 7323) 12 with padding. */
const HEADER_BYTES = 52;
/** A SYN's options: MSS 4, SACK permitted 2, timestamps 10, no-op 1, window scale 3: 8 more than those of other segments. */
const SYN_BYTES = 8;

export interface Sent {
  readonly payloadBytes: number;
  readonly segments: number;
  /** Payload, and IPv4 and TCP headers of every segment. */
  readonly wireBytes: number;
}

/**
 * Counts what this side of a connection sends until it has closed, FIN included, by the kernel's own count. null where the
 * kernel cannot be asked.
 */
export function countSent(socket: Socket): Promise<Sent> | null {
  const native = load();
  // Node has no public name for a socket's descriptor.
  const fd = (socket as unknown as { _handle?: { fd?: number } | null })._handle?.fd;
  if (native === null || fd === undefined || fd < 0) return null;
  // Outlives Node's own, so that the count can be read once everything has been said.
  const kept = native.dup(fd);
  if (kept < 0) throw new Error('dup(2) failed: too many open files?', { cause: { fd } });
  return once(socket, 'close').then(() => {
    try {
      const value = Buffer.alloc(256);
      const length = new Uint32Array([value.length]);
      const failed = native.getsockopt(kept, IPPROTO_TCP, TCP_INFO, value, length) !== 0;
      if (failed || (length[0] ?? 0) < FILLED)
        throw new Error('TCP_INFO has no bytes_sent: Linux 4.19 is needed');
      const payloadBytes = Number(value.readBigUInt64LE(BYTES_SENT_AT));
      const segments = value.readUInt32LE(SEGS_OUT_AT);
      return { payloadBytes, segments, wireBytes: payloadBytes + segments * HEADER_BYTES + SYN_BYTES };
    } finally {
      native.close(kept);
    }
  });
}

interface Native {
  readonly getsockopt: (
    fd: number,
    level: number,
    name: number,
    value: Buffer,
    length: Uint32Array,
  ) => number;
  readonly dup: (fd: number) => number;
  readonly close: (fd: number) => number;
}

let native: Native | null | undefined;

function load(): Native | null {
  if (native !== undefined) return native;
  native = null;
  if (process.platform !== 'linux') return null;
  const require = createRequire(import.meta.url);
  const koffi = require(`@koromix/koffi-linux-${process.arch}`) as {
    load(path: null): { func(declaration: string): unknown };
  };
  const library = koffi.load(null);
  native = {
    getsockopt: library.func(
      'int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)',
    ) as Native['getsockopt'],
    dup: library.func('int dup(int fd)') as Native['dup'],
    close: library.func('int close(int fd)') as Native['close'],
  };
  return native;
}
