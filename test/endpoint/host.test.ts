import { describe, expect, test } from 'vitest';
import { parseHost } from '../../lib/endpoint/host.ts';

describe('what is a host', () => {
  test.each([
    ['shop.example.com', 'name', 'shop.example.com'],
    ['Shop.Example.COM.', 'name', 'shop.example.com'],
    ['bücher.example', 'name', 'xn--bcher-kva.example'],
    ['ＷＷＷ。example。com', 'name', 'www.example.com'],
    ['my_host.example.com', 'name', 'my_host.example.com'],
    ['localhost', 'name', 'localhost'],
    ['3com.example', 'name', '3com.example'],
    [`${'a'.repeat(63)}.example`, 'name', `${'a'.repeat(63)}.example`],
    ['8.8.8.8', 'ipv4', '8.8.8.8'],
    ['2001:DB8:0:0:0:0:0:1', 'ipv6', '2001:db8::1'],
    ['::FFFF:1.2.3.4', 'ipv6', '::ffff:102:304'],
  ])('%s', (text, kind, host) => {
    expect(parseHost(text)).toEqual({ kind, host });
  });

  test.each([
    ['', /empty/],
    ['https://shop.example.com', /scheme/],
    ['HTTPS://shop.example.com/cart', /scheme/],
    ['shop.example.com/cart', /path/],
    ['shop.example.com?x', /path/],
    ['shop.example.com#x', /path/],
    ['shop\\x', /path/],
    ['me@shop.example.com', /user/],
    ['[2001:db8::1]', /brackets/],
    ['shop.example.com:443', /port/],
    ['8.8.8.8:53', /port/],
    ['2001:db8::1::2', /IPv6/],
    ['fe80::1%eth0', /%/],
    ['ex%41mple.com', /%/],
    ['shop example.com', /white space/],
    [' shop.example.com', /white space/],
    ['shop.example.com\n', /white space/],
    ['shop\u0000', /control/],
    ['127.1', /IPv4/],
    ['2130706433', /IPv4/],
    ['0x7f.0.0.1', /IPv4/],
    ['0x7f000001', /IPv4/],
    ['010.0.0.1', /IPv4/],
    ['256.1.1.1', /IPv4/],
    ['1.2.3.4.', /IPv4/],
    ['１２７.0.0.1', /IPv4/],
    ['a..b', /name/],
    ['.example.com', /name/],
    ['.', /name/],
    ['-a.example', /name/],
    ['*.example.com', /name/],
    ['exa$mple.com', /name/],
    [`${'a'.repeat(64)}.example`, /63/],
    [`${'a.'.repeat(126)}ab`, /253/],
    ['a'.repeat(100_000), /253/],
    ['\ud800', /name/],
  ])('refused: %j', (text, error) => {
    expect(parseHost(text)).toEqual({ error: expect.stringMatching(error) });
  });
});
