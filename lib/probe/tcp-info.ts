import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { ClockTrouble } from '../round/clock.ts';
import { NATIVE_FILE } from './native-file.ts';

/** What the kernel knows of a connection. */
export interface TcpInfo {
  /** Smoothed round trip time, µs; right after connecting it is the time from SYN to SYN-ACK. 0: not known yet. */
  readonly rttUs: number;
  /** The shortest round trip seen so far, µs; null: this kernel does not say, or has seen none. */
  readonly minRttUs: number | null;
  /** Segments sent again; while connecting, SYNs. */
  readonly totalRetransmits: number;
}

type Getsockopt = (fd: number, level: number, name: number, value: Buffer, length: Uint32Array) => number;

interface Native {
  readonly getsockopt: Getsockopt;
  readonly socket: (domain: number, type: number, protocol: number) => number;
  readonly close: (fd: number) => number;
}

interface Koffi {
  load(path: null): { func(declaration: string): unknown };
}

/** IPPROTO_TCP and TCP_INFO of linux/in.h and linux/tcp.h. */
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
/**
 * Offsets in struct tcp_info of include/uapi/linux/tcp.h, which only ever grows at its end: tcpi_rtt, tcpi_total_retrans, and, since
 * Linux 4.6, tcpi_min_rtt. The same on x64 and arm64.
 */
const RTT_AT = 68;
const TOTAL_RETRANS_AT = 100;
const MIN_RTT_AT = 148;
const SHORTEST = 104;
/** What min_rtt begins with: ~0U in net/ipv4/tcp.c, tcp_init_sock(). */
const NO_RTT = 0xffff_ffff;
const AF_INET = 2;
const SOCK_STREAM = 1;

const value = Buffer.alloc(256);
const length = new Uint32Array(1);

function loadNative(): Native | null {
  if (process.platform !== 'linux') return null;
  const require = createRequire(import.meta.url);
  for (const name of [`./${NATIVE_FILE}`, `@koromix/koffi-linux-${process.arch}`]) {
    try {
      const library = (require(name) as Koffi).load(null);
      return {
        getsockopt: library.func(
          'int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)',
        ) as Getsockopt,
        socket: library.func('int socket(int domain, int type, int protocol)') as Native['socket'],
        close: library.func('int close(int fd)') as Native['close'],
      };
    } catch {
      // Absent, or for another C library: the next place, and at last the event loop's clock.
    }
  }
  return null;
}

const native = loadNative();

function read(fd: number): TcpInfo | null {
  if (!native) return null;
  length[0] = value.length;
  if (native.getsockopt(fd, IPPROTO_TCP, TCP_INFO, value, length) !== 0) return null;
  const filled = length[0];
  if (filled < SHORTEST) return null;
  return {
    rttUs: value.readUInt32LE(RTT_AT),
    minRttUs: filled >= MIN_RTT_AT + 4 ? minRtt(value.readUInt32LE(MIN_RTT_AT)) : null,
    totalRetransmits: value.readUInt32LE(TOTAL_RETRANS_AT),
  };
}

const minRtt = (us: number): number | null => (us === NO_RTT || us === 0 ? null : us);

/** What the kernel says of a socket now; null where it cannot be asked. */
export function tcpInfo(socket: Socket): TcpInfo | null {
  // Node has no public name for a socket's descriptor.
  const fd = (socket as unknown as { _handle?: { fd?: number } | null })._handle?.fd;
  return typeof fd === 'number' && fd >= 0 ? read(fd) : null;
}

/** What keeps us from asking the kernel, by a fresh, unconnected socket; null: nothing. Sends nothing. */
export function kernelTrouble(): ClockTrouble | null {
  if (process.platform !== 'linux') return 'not_linux';
  if (!native) return 'koffi_missing';
  const fd = native.socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) return 'kernel_refuses';
  try {
    return read(fd) === null ? 'kernel_refuses' : null;
  } finally {
    native.close(fd);
  }
}
