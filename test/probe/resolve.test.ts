import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dnsOutcome, Names, rotated } from '../../lib/probe/resolve.ts';
import { type DnsServer, dnsServer } from '../support/dns-server.ts';
import { refusedPort } from '../support/servers.ts';

let server: DnsServer;
let names: Names;
beforeAll(async () => {
  server = await dnsServer({
    'shop.test': { a: ['192.0.2.30', '192.0.2.4', '192.0.2.30'], aaaa: ['2001:0DB8::0001'] },
    'xn--bcher-kva.test': { a: ['192.0.2.9'] },
    'v4only.test': { a: ['192.0.2.1'] },
    'servfail.test': { rcode: 2 },
    'refused.test': { rcode: 5 },
    'formerr.test': { rcode: 1 },
    'notimp.test': { rcode: 4 },
    'garbage.test': 'garbage',
    'silent.test': 'silent',
  });
  names = new Names(server.resolver);
});
afterAll(async () => {
  names.close();
  await server.close();
});

describe.concurrent('looking up', () => {
  it('sorts the answer, writes it canonically and drops doubles', async ({ expect }) => {
    expect(await names.lookUp('shop.test', 'ipv4')).toMatchObject({
      ok: true,
      addresses: ['192.0.2.30', '192.0.2.4'],
      dnsMs: expect.any(Number),
    });
    expect(await names.lookUp('shop.test', 'ipv6')).toMatchObject({ addresses: ['2001:db8::1'] });
    expect(await names.lookUp('xn--bcher-kva.test', 'ipv4')).toMatchObject({ addresses: ['192.0.2.9'] });
  });

  it('asks nobody about literals', async ({ expect }) => {
    expect(await names.lookUp('192.0.2.1', 'ipv4')).toEqual({ ok: true, addresses: ['192.0.2.1'] });
    expect(await names.lookUp('2001:DB8::1', 'ipv6')).toEqual({ ok: true, addresses: ['2001:db8::1'] });
  });

  it.each([
    ['nxdomain.test', 'ipv4', 'nxdomain', 'ENOTFOUND'],
    ['v4only.test', 'ipv6', 'no_answer', 'ENODATA'],
    ['servfail.test', 'ipv4', 'servfail', 'ESERVFAIL'],
    ['refused.test', 'ipv4', 'refused_by_resolver', 'EREFUSED'],
    ['notimp.test', 'ipv4', 'refused_by_resolver', 'ENOTIMP'],
    ['formerr.test', 'ipv4', 'bad_response', 'EFORMERR'],
    ['garbage.test', 'ipv4', 'bad_response', 'EBADRESP'],
  ] as const)('%s over %s is %s', async (host, family, outcome, errno) => {
    expect(await names.lookUp(host, family)).toEqual({ ok: false, outcome, errno });
  });

  it('waits for a silent resolver, and asks it again', async ({ expect }) => {
    const from = performance.now();
    expect(await names.lookUp('silent.test', 'ipv4')).toMatchObject({ ok: false, outcome: 'timeout' });
    expect(performance.now() - from).toBeGreaterThan(3900);
    expect(server.asked.filter((name) => name === 'silent.test').length).toBeGreaterThanOrEqual(2);
  });

  it('tells a resolver that is not there from a name that is refused', async ({ expect }) => {
    // A port that nothing listens on over TCP is free over UDP too, as far as a test may hope.
    const { port } = await refusedPort();
    const nobody = new Names(`127.0.0.1:${port}`);
    expect(await nobody.lookUp('shop.test', 'ipv4')).toEqual({
      ok: false,
      outcome: 'resolver_unreachable',
      errno: 'ECONNREFUSED',
    });
    nobody.close();
  });
});

describe('the order of an answer', () => {
  it('begins elsewhere each time', () => {
    const addresses = ['a', 'b', 'c'];
    expect([0, 1, 2, 3].map((rotation) => rotated(addresses, rotation)[0])).toEqual(['a', 'b', 'c', 'a']);
    expect(rotated(addresses, 29_000_001)).toHaveLength(3);
    expect(rotated([], 5)).toEqual([]);
  });

  it('calls codes it does not know unknown', () => {
    expect(dnsOutcome('ESOMETHING')).toBe('unknown');
    expect(dnsOutcome(undefined)).toBe('unknown');
  });
});
