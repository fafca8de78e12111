import { open, read, writeSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * DEVICE MS: gives every packet that the kernel routes into a TUN device back to it, that much later and in order. Says a line
 * once it stands there.
 */
const [device = '', ms = ''] = process.argv.slice(2);

/** linux/if_tun.h: attach to a device that hands over bare IP packets. */
const TUNSETIFF = 0x40_04_54_ca;
const IFF_TUN_NO_PI = 0x10_01;
/** struct ifreq of linux/if.h: a name of 16 bytes, then the flags. */
const REQUEST_BYTES = 40;
const FLAGS_AT = 16;
const LARGEST_PACKET = 65_536;

type Ioctl = (fd: number, request: number, argument: Buffer) => number;
interface Koffi {
  load(path: null): { func(declaration: string): unknown };
}
const koffi = createRequire(import.meta.url)(`@koromix/koffi-linux-${process.arch}`) as Koffi;
const ioctl = koffi
  .load(null)
  .func('int ioctl(int fd, unsigned long request, _Inout_ uint8_t *argument)') as Ioctl;

open('/dev/net/tun', 'r+', (error, fd) => {
  if (error) throw error;
  const request = Buffer.alloc(REQUEST_BYTES);
  request.write(device, 'latin1');
  request.writeUInt16LE(IFF_TUN_NO_PI, FLAGS_AT);
  if (ioctl(fd, TUNSETIFF, request) !== 0) throw new Error(`cannot attach to ${device}`);
  const buffer = Buffer.alloc(LARGEST_PACKET);
  const next = (): void =>
    read(fd, buffer, 0, buffer.length, null, (failed, length) => {
      if (failed) throw failed;
      const packet = Buffer.from(buffer.subarray(0, length));
      setTimeout(() => writeSync(fd, packet), Number(ms));
      next();
    });
  next();
  console.log('standing');
});
