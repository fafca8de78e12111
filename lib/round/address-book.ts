import ipaddr from 'ipaddr.js';
import type { Reader, Writer } from './bytes.ts';

const IPV4_BYTES = 4;
const IPV6_BYTES = 16;
/** One byte names an address. */
const MAX_ADDRESSES = 255;

/** The addresses of one round, each once. */
export interface AddressBook {
  /** False: the book is full, or the address cannot be written as bytes. */
  add(address: string): boolean;
  /** Where an address stands once all have been added: IPv4 before IPv6. */
  indexOf(address: string): number;
  write(writer: Writer): void;
}

export function addressBook(): AddressBook {
  const known = { ipv4: new Map<string, readonly number[]>(), ipv6: new Map<string, readonly number[]>() };
  return {
    add(address) {
      const bytes = toBytes(address);
      if (!bytes) return false;
      const family = bytes.length === IPV4_BYTES ? known.ipv4 : known.ipv6;
      if (!family.has(address) && known.ipv4.size + known.ipv6.size === MAX_ADDRESSES) return false;
      family.set(address, bytes);
      return true;
    },
    indexOf: (address) => [...known.ipv4.keys(), ...known.ipv6.keys()].indexOf(address),
    write(writer) {
      writer.uint(known.ipv4.size, 1);
      writer.uint(known.ipv6.size, 1);
      for (const bytes of [...known.ipv4.values(), ...known.ipv6.values()]) writer.raw(bytes);
    },
  };
}

/** The addresses of a book, in the order of its indices. */
export function readAddresses(reader: Reader): readonly string[] {
  const ipv4 = reader.uint(1);
  const ipv6 = reader.uint(1);
  return Array.from({ length: ipv4 + ipv6 }, (_, n) =>
    ipaddr.fromByteArray(reader.raw(n < ipv4 ? IPV4_BYTES : IPV6_BYTES)).toString(),
  );
}

/** Null for text that does not come back from its bytes as it was: not canonical, with a zone, or no address. */
export function toBytes(address: string): readonly number[] | null {
  if (!ipaddr.isValid(address)) return null;
  const parsed = ipaddr.parse(address);
  return parsed.toString() === address && !address.includes('%') ? parsed.toByteArray() : null;
}
