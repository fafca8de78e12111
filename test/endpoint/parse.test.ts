import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EndpointContext, parseEndpoint } from '../../lib/endpoint/parse.ts';

const context: EndpointContext = {
  id: 'shop',
  regions: ['eu-west-1', 'us-east-1', 'ap-southeast-2'],
  ipv6: false,
  allowPrivateAddresses: false,
};
const least = { host: 'shop.example.com', port: 443, handshake: 'http2' };

const errorsOf = (input: unknown, changes: Partial<EndpointContext> = {}) => {
  const parsed = parseEndpoint(input, { ...context, ...changes });
  return 'errors' in parsed ? parsed.errors : [];
};
const settingsOf = (input: unknown, changes: Partial<EndpointContext> = {}) => {
  const parsed = parseEndpoint(input, { ...context, ...changes });
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  return parsed.settings;
};

describe('defaults', () => {
  test('of a name', () => {
    expect(settingsOf(least)).toStrictEqual({
      ...least,
      name: 'shop',
      intervalSeconds: 60,
      alertAfterSeconds: 30,
      regions: 'all',
      addressFamily: 'ipv4',
      serverName: 'shop.example.com',
      certificate: 'verify',
      tags: [],
      enabled: true,
    });
  });

  test('an address has no server name unless one is given', () => {
    expect(settingsOf({ ...least, host: '8.8.8.8' })).not.toHaveProperty('serverName');
    const given = settingsOf({ ...least, host: '8.8.8.8', serverName: 'DNS.google.' });
    expect(given.serverName).toBe('dns.google');
  });

  test('an IPv6 address is of its family', () => {
    const settings = settingsOf({ ...least, host: '2606:4700:4700::1111' }, { ipv6: true });
    expect(settings.addressFamily).toBe('ipv6');
  });

  test('everything that may be given is kept in its stored form', () => {
    const given = {
      ...least,
      host: 'Shop.Example.COM.',
      name: 'Shop ☂',
      intervalSeconds: 10,
      alertAfterSeconds: 0,
      regions: ['ap-southeast-2', 'eu-west-1', 'eu-west-1'],
      addressFamily: 'ipv6',
      serverName: 'bücher.example',
      certificate: 'ignore',
      tags: ['a', 'b', 'a'],
      enabled: false,
      team: 'web',
      runbookUrl: 'https://wiki.example/shop?x=1',
    };
    expect(settingsOf(given, { ipv6: true })).toStrictEqual({
      ...given,
      host: 'shop.example.com',
      regions: ['eu-west-1', 'ap-southeast-2'],
      serverName: 'xn--bcher-kva.example',
      tags: ['a', 'b'],
    });
  });
});

describe('refusals name the field and the remedy', () => {
  test.each<[Record<string, unknown>, string, RegExp]>([
    [{ prot: 443 }, '#/prot', /^unknown field "prot": did you mean "port"\?$/],
    [{ 'a/b~c': 1 }, '#/a~1b~0c', /unknown field/],
    [{ id: 'shop' }, '#/id', /unknown field/],
    [{ constructor: 1 }, '#/constructor', /unknown field/],
    [{ host: undefined }, '#/host', /host is required/],
    [{ host: null }, '#/host', /host must be/],
    [{ host: 'https://shop.example.com' }, '#/host', /host must be without a scheme/],
    [{ host: 'shop.example.com/x' }, '#/host', /host must be without a path/],
    [{ host: '10.0.0.1' }, '#/host', /private/],
    [{ host: '169.254.169.254' }, '#/host', /private/],
    [{ host: 'localhost' }, '#/host', /private/],
    [{ host: 'a.LOCALHOST.' }, '#/host', /private/],
    [{ port: undefined }, '#/port', /port is required/],
    [{ port: 0 }, '#/port', /from 1 to 65535/],
    [{ port: 70_000 }, '#/port', /from 1 to 65535/],
    [{ port: 443.5 }, '#/port', /whole number/],
    [{ port: '443' }, '#/port', /whole number/],
    [{ port: null }, '#/port', /whole number/],
    [{ port: Number.POSITIVE_INFINITY }, '#/port', /whole number/],
    [{ port: 25 }, '#/port', /25/],
    [{ handshake: 'quic' }, '#/handshake', /one of tcp, tls, http2/],
    [{ handshake: undefined }, '#/handshake', /handshake is required/],
    [{ intervalSeconds: 45 }, '#/intervalSeconds', /one of 10, 20/],
    [{ intervalSeconds: null }, '#/intervalSeconds', /one of/],
    [{ alertAfterSeconds: -1 }, '#/alertAfterSeconds', /0 to 3600/],
    [{ alertAfterSeconds: 3601 }, '#/alertAfterSeconds', /0 to 3600/],
    [{ regions: [] }, '#/regions', /at least one/],
    [{ regions: 'eu-west-1' }, '#/regions', /"all" or a list/],
    [{ regions: ['eu-west-1', 'mars-1'] }, '#/regions/1', /"mars-1" is not one of them/],
    [{ addressFamily: 'ipv5' }, '#/addressFamily', /ipv4 or ipv6/],
    [{ addressFamily: 'ipv6' }, '#/addressFamily', /no region/],
    [{ host: '2606:4700:4700::1111' }, '#/host', /no region/],
    [{ host: '8.8.8.8', addressFamily: 'ipv6' }, '#/addressFamily', /must be ipv4/],
    [{ host: '2606:4700:4700::1111', addressFamily: 'ipv4' }, '#/addressFamily', /must be ipv6/],
    [{ serverName: '1.2.3.4' }, '#/serverName', /not an address/],
    [{ serverName: '' }, '#/serverName', /a name/],
    [{ serverName: null }, '#/serverName', /a name/],
    [{ certificate: 'maybe' }, '#/certificate', /verify or ignore/],
    [{ name: '' }, '#/name', /1 to 100/],
    [{ name: '  ' }, '#/name', /1 to 100/],
    [{ name: 'x'.repeat(101) }, '#/name', /1 to 100/],
    [{ name: 'a\r\nSubject: b' }, '#/name', /control/],
    [{ name: '\ud800' }, '#/name', /text/],
    [{ tags: 'a' }, '#/tags', /a list/],
    [{ tags: Array.from({ length: 21 }, (_, n) => `t${n}`) }, '#/tags', /at most 20/],
    [{ tags: ['a', ''] }, '#/tags/1', /1 to 64/],
    [{ tags: ['a/b'] }, '#/tags/0', /without \/ \\ \? # %/],
    [{ tags: ['100 %'] }, '#/tags/0', /without/],
    [{ tags: ['..'] }, '#/tags/0', /dots alone/],
    [{ enabled: 'yes' }, '#/enabled', /true or false/],
    [{ team: null }, '#/team', /1 to 64/],
    [{ runbookUrl: 'javascript:alert(1)' }, '#/runbookUrl', /http or https/],
    [{ runbookUrl: 'https://' }, '#/runbookUrl', /http or https/],
    [{ runbookUrl: `https://x.example/${'a'.repeat(2000)}` }, '#/runbookUrl', /2000/],
  ])('%j', (change, pointer, message) => {
    expect(errorsOf({ ...least, ...change })).toEqual([{ pointer, message: expect.stringMatching(message) }]);
  });

  test('all at once', () => {
    const pointers = errorsOf({ host: 'http://x', port: 0, handshake: 'x', x: 1 }).map((e) => e.pointer);
    expect(pointers.sort()).toEqual(['#/handshake', '#/host', '#/port', '#/x']);
  });

  test.each([
    [
      'a forbidden address beside a wrong interval',
      { host: '10.0.0.1', intervalSeconds: 45 },
      ['#/host', '#/intervalSeconds'],
    ],
    ['an unknown region beside a wrong port', { regions: ['mars-1'], port: 'x' }, ['#/port', '#/regions/0']],
    ['port 25 beside an unknown field', { port: 25, prot: 1 }, ['#/port', '#/prot']],
    [
      'a family that is not the host’s beside no handshake',
      { host: '8.8.8.8', addressFamily: 'ipv6', handshake: undefined },
      ['#/addressFamily', '#/handshake'],
    ],
  ])('all at once, also what only the deployment knows: %s', (_, change, expected) => {
    const pointers = errorsOf({ ...least, ...change }).map(({ pointer }) => pointer);
    expect(pointers.sort()).toEqual(expected);
  });

  test.each([
    [
      { partail: 'P1' },
      '#/severities/partail',
      'unknown field "severities.partail": did you mean "partial"?',
    ],
    [{ partial: 'P0' }, '#/severities/partial', 'severities.partial must be one of P1, P2, P3'],
    [
      { region_silent: 'P1' },
      '#/severities/region_silent',
      expect.stringMatching(/^unknown field "severities.region_silent"/),
    ],
  ])('severities: %j', (severities, pointer, message) => {
    expect(errorsOf({ ...least, severities })).toEqual([{ pointer, message }]);
  });

  test('a key that would become a prototype', () => {
    const input = JSON.parse('{"host":"a.example","port":1,"handshake":"tcp","__proto__":{"enabled":false}}');
    expect(errorsOf(input)).toEqual([
      { pointer: '#/__proto__', message: expect.stringMatching(/unknown field/) },
    ]);
  });

  test('thousands of unknown fields are not all repeated', () => {
    const input = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`${'k'.repeat(500)}${n}`, n]));
    expect(JSON.stringify(errorsOf(input)).length).toBeLessThan(20_000);
  });
});

/** Forms that some parser somewhere takes for 127.0.0.1, 10.0.0.1 or a metadata address: each is refused, and says why. */
test.each([
  ['127.0.0.1', /private or reserved/],
  ['100.64.0.1', /private or reserved/],
  ['224.0.0.1', /private or reserved/],
  ['168.63.129.16', /private or reserved/],
  ['::1', /private or reserved/],
  ['::ffff:10.0.0.1', /private or reserved/],
  ['0:0:0:0:0:ffff:a9fe:a9fe', /private or reserved/],
  ['64:ff9b::169.254.169.254', /private or reserved/],
  ['2002:a00:1::1', /private or reserved/],
  ['2001:0:a00:1::1', /private or reserved/],
  ['fd00:ec2::254', /private or reserved/],
  ['localhost.', /private or reserved/],
  ['shop.localhost', /private or reserved/],
  ['127.1', /not an IPv4 address/],
  ['2130706433', /not an IPv4 address/],
  ['0177.0.0.1', /not an IPv4 address/],
  ['0x7f000001', /not an IPv4 address/],
  ['0x7f.1', /not an IPv4 address/],
  ['127.0.0.1.', /not an IPv4 address/],
  ['127.0.0.01', /not an IPv4 address/],
  ['１２７.0.0.1', /not an IPv4 address/],
  ['127。0。0。1', /not an IPv4 address/],
  ['①②⑦.0.0.1', /not an IPv4 address/],
  ['[::1]', /without brackets/],
  ['fe80::1%eth0', /without "%"/],
])('%s is refused', (host, message) => {
  expect(errorsOf({ ...least, host }, { ipv6: true })).toMatchObject([
    { pointer: '#/host', message: expect.stringMatching(message) },
  ]);
});

test('private addresses may be watched where they are allowed, port 25 never', () => {
  const allowed = { allowPrivateAddresses: true, ipv6: true };
  expect(settingsOf({ ...least, host: '127.0.0.2' }, allowed).host).toBe('127.0.0.2');
  expect(errorsOf({ ...least, port: 25 }, allowed)).toMatchObject([{ pointer: '#/port' }]);
  expect(settingsOf({ ...least, host: '::1' }, allowed).addressFamily).toBe('ipv6');
  expect(settingsOf({ ...least, host: 'localhost' }, allowed).serverName).toBe('localhost');
  expect(settingsOf({ ...least, host: '169.254.7.7' }, allowed).host).toBe('169.254.7.7');
  for (const host of ['169.254.169.254', '169.254.170.2', 'fd00:ec2::254', '::ffff:169.254.169.254']) {
    expect(errorsOf({ ...least, host }, allowed)).toEqual([
      {
        pointer: '#/host',
        message: 'host is the address of a metadata service, which is never dialled: watch something else',
      },
    ]);
  }
});

test('what is stored is read again as itself', () => {
  const full = { ...context, ipv6: true, allowPrivateAddresses: true };
  const label = fc.stringMatching(/^[a-zA-Z0-9]{1,20}$/);
  const host = fc.oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV6(),
    fc.tuple(label, label).map((l) => `${l.join('.')}.x`),
  );
  fc.assert(
    fc.property(host, fc.integer({ min: 1, max: 65_535 }), (name, port) => {
      const first = settingsOf({ host: name, port, handshake: 'tls' }, full);
      expect(settingsOf(first, full)).toStrictEqual(first);
    }),
  );
});

test('nothing that JSON can hold makes it throw, and every message is ours', () => {
  const record = fc.dictionary(
    fc.constantFrom(...Object.keys(least), 'regions', 'tags', 'name', '__proto__'),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.oneof(record, fc.jsonValue()), (input) => {
      const messages = errorsOf(input).map(({ message }) => message);
      expect(messages.filter((message) => message.includes('Invalid'))).toEqual([]);
    }),
  );
});
