import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import {
  addressFamilyOf,
  canonicalAddress,
  isForbidden,
  isMetadata,
  METADATA_ADDRESSES,
  mayBeDialled,
} from '../../lib/endpoint/address.ts';

/**
 * The IANA special-purpose address registries, row by row: block and "globally reachable". N/A rows (2002::/16, 2001::/32,
 * 192.88.99.0/24) embed an IPv4 address or are deprecated, and 64:ff9b::/96 reaches any IPv4 address: not to be dialled.
 */
const REGISTRY: readonly (readonly [block: string, reachable: boolean])[] = [
  ['0.0.0.0/8', false],
  ['10.0.0.0/8', false],
  ['100.64.0.0/10', false],
  ['127.0.0.0/8', false],
  ['169.254.0.0/16', false],
  ['172.16.0.0/12', false],
  ['192.0.0.0/29', false],
  ['192.0.0.8/32', false],
  ['192.0.0.9/32', true],
  ['192.0.0.10/32', true],
  ['192.0.0.170/32', false],
  ['192.0.0.171/32', false],
  ['192.0.2.0/24', false],
  ['192.31.196.0/24', true],
  ['192.52.193.0/24', true],
  ['192.88.99.0/24', false],
  ['192.168.0.0/16', false],
  ['192.175.48.0/24', true],
  ['198.18.0.0/15', false],
  ['198.51.100.0/24', false],
  ['203.0.113.0/24', false],
  ['240.0.0.0/4', false],
  ['255.255.255.255/32', false],
  ['::1/128', false],
  ['::/128', false],
  ['::ffff:0:0/96', false],
  ['64:ff9b::/96', false],
  ['64:ff9b:1::/48', false],
  ['100::/64', false],
  ['100:0:0:1::/64', false],
  ['2001::/32', false],
  ['2001:1::1/128', true],
  ['2001:1::2/128', true],
  ['2001:1::3/128', true],
  ['2001:2::/48', false],
  ['2001:3::/32', true],
  ['2001:4:112::/48', true],
  ['2001:10::/28', false],
  ['2001:20::/28', true],
  ['2001:30::/28', true],
  ['2001:db8::/32', false],
  ['2002::/16', false],
  ['2620:4f:8000::/48', true],
  ['3fff::/20', false],
  ['5f00::/16', false],
  ['fc00::/7', false],
  ['fe80::/10', false],
  // Not in those registries, and nothing to shake hands with either.
  ['224.0.0.0/4', false],
  ['ff00::/8', false],
  ['fec0::/10', false],
];

/** Any address of a block. */
function within(block: string): fc.Arbitrary<string> {
  const [base, bits] = ipaddr.parseCIDR(block);
  const bytes = base.toByteArray();
  return fc.uint8Array({ minLength: bytes.length, maxLength: bytes.length }).map((noise) => {
    const mixed = bytes.map((byte, index) => {
      const fixed = Math.min(8, Math.max(0, bits - 8 * index));
      const mask = (0xff00 >> fixed) & 0xff;
      return (byte & mask) | ((noise[index] ?? 0) & ~mask & 0xff);
    });
    return ipaddr.fromByteArray(mixed).toString();
  });
}

describe('addresses that are never dialled', () => {
  it.each(REGISTRY)('%s: globally reachable %s', (block, reachable) => {
    fc.assert(
      fc.property(within(block), (address) => {
        expect(isForbidden(address)).toBe(!reachable);
      }),
      { numRuns: 50 },
    );
  });

  it('forbids every IPv6 form of every forbidden IPv4 address', () => {
    fc.assert(
      fc.property(within('0.0.0.0/0'), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        for (const form of [`::ffff:${address}`, `::${address}`, `64:ff9b::${hex}`, `2002:${hex}::1`]) {
          expect(isForbidden(form)).toBe(true);
        }
      }),
    );
  });

  // AWS (instance, tasks, the resolver of a VPC), Google, Alibaba, Oracle, Azure: each documents its own.
  it.each([
    '169.254.169.254',
    'fd00:ec2::254',
    '169.254.170.2',
    '169.254.170.23',
    'fd00:ec2::23',
    '169.254.169.253',
    'fd00:ec2::253',
    'fd20:ce::254',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    'fe80::1%eth0',
    '::ffff:169.254.169.254',
  ])('forbids the metadata address %s', (address) => expect(isForbidden(address)).toBe(true));

  it.each(['1.1.1.1', '8.8.8.8', '2606:4700:4700::1111', '2a00:1450:4001::1', '100.128.0.1', '172.32.0.1'])(
    'dials %s',
    (address) => expect(isForbidden(address)).toBe(false),
  );

  it.each(['', 'shop.test', '1.2.3', '0177.0.0.1', '0x7f.1', '2130706433', '127.1', '1.2.3.4.5', ':::'])(
    'takes "%s" for no address',
    (text) => {
      expect(isForbidden(text)).toBe(true);
      expect(canonicalAddress(text)).toBeNull();
      expect(addressFamilyOf(text)).toBeNull();
    },
  );
});

describe('canonical text', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1', 'ipv4'],
    ['2001:0DB8:0:0:0:0:0:0001', '2001:db8::1', 'ipv6'],
    ['::1', '::1', 'ipv6'],
  ])('%s is %s', (text, canonical, family) => {
    expect(canonicalAddress(text)).toBe(canonical);
    expect(addressFamilyOf(text)).toBe(family);
  });
});

describe('metadata services', () => {
  it.each([
    ...METADATA_ADDRESSES,
    'FD00:EC2:0:0:0:0:0:254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:aa02',
    '::169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::169.254.170.2',
    '2002:a9fe:a9fe::1',
    '::ffff:100.100.100.200',
  ])('%s is dialled nowhere', (address) => {
    expect(isMetadata(address)).toBe(true);
    expect(mayBeDialled(address, true)).toBe(false);
    expect(mayBeDialled(address, false)).toBe(false);
  });

  it.each(['169.254.1.1', '127.0.0.1', '10.0.0.1', '::1', 'fd00:ec2::1', 'fe80::1', '64:ff9b::a00:1'])(
    '%s is dialled where private addresses are allowed',
    (address) => {
      expect(isMetadata(address)).toBe(false);
      expect(mayBeDialled(address, true)).toBe(true);
      expect(mayBeDialled(address, false)).toBe(false);
    },
  );

  it.each(['', 'localhost', '169.254.43518', '0251.0376.0251.0376', '2852039166'])(
    '%j is no address at all',
    (text) => {
      expect(mayBeDialled(text, true)).toBe(false);
      expect(mayBeDialled(text, false)).toBe(false);
    },
  );
});
