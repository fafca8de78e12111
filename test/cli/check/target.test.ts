import { expect, test } from 'vitest';
import { targetIn, type WrittenTarget } from '../../../lib/cli/check/target.ts';
import { UsageError } from '../../../lib/local/usage-error.ts';

const verify = { certificate: 'verify' } as const;

test.each<readonly [string, WrittenTarget, object]>([
  [
    'shop.example.com:443',
    {},
    {
      host: 'shop.example.com',
      port: 443,
      handshake: 'tls',
      addressFamily: 'ipv4',
      serverName: 'shop.example.com',
    },
  ],
  ['192.0.2.7:5432', {}, { host: '192.0.2.7', port: 5432, handshake: 'tcp', addressFamily: 'ipv4' }],
  ['[::1]:443', {}, { host: '::1', port: 443, handshake: 'tls', addressFamily: 'ipv6' }],
  ['[2001:DB8::0:1]:22', {}, { host: '2001:db8::1', port: 22, handshake: 'tcp', addressFamily: 'ipv6' }],
  [
    'Bücher.Example.:8443',
    { addressFamily: 'ipv6', handshake: 'http2', serverName: 'other.example' },
    {
      host: 'xn--bcher-kva.example',
      port: 8443,
      handshake: 'http2',
      addressFamily: 'ipv6',
      serverName: 'other.example',
    },
  ],
  ['mail.example.com:25', {}, { port: 25, handshake: 'tcp' }],
])('%s %j', (text, written, expected) => {
  expect(targetIn(text, written)).toMatchObject({ ...expected, ...verify });
});

test.each<readonly [string, WrittenTarget, RegExp]>([
  ['https://shop.example.com/', {}, /write HOST:PORT, without a scheme/],
  ['shop.example.com', {}, /write HOST:PORT, such as shop\.example\.com:443/],
  ['::1', {}, /in brackets, with a port: \[::1\]:443/],
  ['2001:db8::1:443', {}, /in brackets/],
  ['[shop.example.com]:443', {}, /write HOST:PORT/],
  ['shop.example.com:0', {}, /the port must be 1 to 65535/],
  ['shop.example.com:70000', {}, /the port must be 1 to 65535/],
  ['shop/cart:443', {}, /host must be without a path/],
  ['1.2.3:443', {}, /host is not an IPv4 address/],
  ['192.0.2.7:443', { addressFamily: 'ipv6' }, /--address-family ipv6: 192\.0\.2\.7:443 is of the other one/],
  ['192.0.2.7:443', { serverName: '192.0.2.8' }, /--server-name 192\.0\.2\.8: must be a name/],
])('%s %j is refused in one line', (text, written, message) => {
  const refused = () => targetIn(text, written);
  expect(refused).toThrow(UsageError);
  expect(refused).toThrow(message);
});
