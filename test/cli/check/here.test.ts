import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { checkHere, EXIT_CODES, type HereCheck } from '../../../lib/cli/check/here.ts';
import { loopbackOf } from '../../../lib/cli/check/own-names.ts';
import { runCheck } from '../../../lib/cli/check/run.ts';
import { targetIn } from '../../../lib/cli/check/target.ts';
import { oneLine, waterfall } from '../../../lib/cli/check/waterfall.ts';
import { visibleLength } from '../../../lib/cli/table.ts';
import type { Handshake } from '../../../lib/outcome/outcome.ts';
import { type Certificates, certificates } from '../../support/certificates.ts';
import { type DnsServer, dnsServer } from '../../support/dns-server.ts';
import { http2Server, type Peer, refusedPort } from '../../support/servers.ts';

let all: Certificates;
let dns: DnsServer;
let shop: Peer;
let expired: Peer;
beforeAll(async () => {
  all = await certificates();
  dns = await dnsServer({ 'shop.test': { a: ['127.0.0.1'] }, 'broken.test': { rcode: 2 } });
  shop = await http2Server(all.good);
  expired = await http2Server(all.expired);
});
afterAll(() => Promise.all([dns.close(), shop.close(), expired.close()]));

const check = (text: string, handshake: Handshake = 'http2'): Promise<HereCheck> => {
  const target = targetIn(text, { handshake });
  return checkHere(target, { resolver: dns.resolver, trust: [all.authority] });
};
const drawn = (seen: HereCheck): string => waterfall(seen, 80, Date.now());

test('a port that gets through is shown stage by stage, with what was agreed on', async () => {
  const seen = await check(`shop.test:${shop.port}`);
  expect(seen).toMatchObject({
    result: 'passing',
    stage: 'http2',
    outcome: 'ok',
    address: '127.0.0.1',
    tls: { version: 'TLSv1.3', alpn: 'h2', cipher: expect.stringMatching(/^TLS_/) },
    certificate: { subject: 'CN=shop.test', names: expect.arrayContaining(['shop.test']), chain: 2 },
    failedAfterMs: null,
    means: null,
    checklist: [],
  });
  const text = drawn(seen);
  const stages = text
    .split('\n')
    .flatMap((line) => /^ {2}(dns|tcp|tls|http2) .*ms {2} *█+$/.exec(line)?.[1] ?? []);
  expect(stages).toEqual(['dns', 'tcp', 'tls', 'http2']);
  for (const line of text.split('\n').slice(0, 6)) expect(visibleLength(line)).toBeLessThanOrEqual(80);
  expect(text).toMatch(/^shop\.test:\d+ {2}http2 {2}● passing\n/);
  expect(text).toMatch(/tls +TLS 1\.3 {2}TLS_\w+ {2}ALPN h2/);
  expect(text).toMatch(/certificate {2}CN=shop\.test\n.*issuer .*2 in the chain\n.*names .*shop\.test/);
  expect(text).toMatch(/valid .* days left/);
  expect(text).toMatch(/clock .*(by the kernel's clock|by this process's)/);
  expect(text).not.toContain('Look first');
  expect(oneLine(seen)).toMatch(
    /^\d\d:\d\d:\d\dZ ● dns [\d.~]+ {2}tcp .* {2}tls .* {2}http2 .* ms {2}127\.0\.0\.1$/,
  );
});

test('one that does not says where, why, what that means and what to look at', async () => {
  const seen = await check(`shop.test:${expired.port}`);
  expect(seen).toMatchObject({
    result: 'failing',
    evidence: 'listening',
    outcome: 'bad_certificate',
    certificate: { notAfter: expect.any(String) },
    means: expect.stringMatching(/expired/),
  });
  const text = drawn(seen);
  expect(text).toMatch(/✖ failing\n/);
  expect(text).toMatch(/ {2}tls +[\d.]+ ms {2} *░+\n/);
  expect(text).toMatch(/valid .*expired 1 day ago/);
  expect(text).toMatch(/outcome +tls bad_certificate: expired/);
  expect(text).toMatch(/Look first\n {2}1\. .*openssl s_client/);
  expect(oneLine(seen)).toMatch(/✖ tls bad_certificate: expired/);
});

test('a refusal and a name without an address fail; a resolver in trouble proves nothing', async () => {
  const nobody = await refusedPort();
  const refused = await check(`127.0.0.1:${nobody.port}`, 'tcp');
  expect(refused).toMatchObject({ result: 'failing', outcome: 'refused', certificate: null });
  expect(drawn(refused)).toMatch(/ss -ltnp/);
  expect(await check('gone.test:443')).toMatchObject({
    result: 'failing',
    stage: 'dns',
    outcome: 'nxdomain',
  });
  expect(await check('broken.test:443')).toMatchObject({ result: 'inconclusive', outcome: 'servfail' });
});

describe('localhost is this machine', () => {
  const local = (family: 'ipv4' | 'ipv6' | undefined, port: number, host = 'localhost') => {
    const target = targetIn(`${host}:${port}`, { handshake: 'tcp' });
    return checkHere(target, { resolver: dns.resolver, loopback: loopbackOf(target, family) });
  };
  const asked = () => dns.asked.filter((name) => name.endsWith('localhost'));

  test('without asking DNS, which is said', async () => {
    for (const host of ['localhost', 'LocalHost.', 'shop.localhost']) {
      const seen = await local(undefined, shop.port, host);
      expect(seen).toMatchObject({ result: 'passing', address: '127.0.0.1' });
      expect(seen.timings.dnsMs).toBeUndefined();
      expect(drawn(seen)).toMatch(/note +\S*localhost is this machine \(RFC 6761\): DNS was not asked/);
    }
    expect(asked()).toEqual([]);
  });

  test('by the address on which something listens, or by that of the family that is said', async () => {
    const { six, port, holder } = await onlyOnIpv6();
    expect(await local(undefined, port)).toMatchObject({ result: 'passing', address: '::1' });
    expect(await local('ipv6', port)).toMatchObject({ result: 'passing', address: '::1' });
    expect(await local('ipv4', port)).toMatchObject({ outcome: 'refused', address: '127.0.0.1' });
    six.close();
    await once(six, 'close');
    expect(await local(undefined, port)).toMatchObject({ outcome: 'refused', address: '127.0.0.1' });
    holder.destroy();
  });

  /** A server on ::1, and its port on 127.0.0.1 held by a connection of ours: no other test's server gets that. */
  async function onlyOnIpv6() {
    for (;;) {
      const six = createServer().listen({ port: 0, host: '::1' });
      await once(six, 'listening');
      const { port } = six.address() as AddressInfo;
      const to = { host: '127.0.0.1', port: shop.port };
      const holder = connect({ ...to, localAddress: '127.0.0.1', localPort: port }).on('error', () => {});
      const held = await new Promise<boolean>((resolve) => {
        holder.once('connect', () => resolve(true)).once('close', () => resolve(false));
      });
      if (held) return { six, port, holder };
      six.close();
    }
  }

  test('other names are asked of DNS, and so is every name where a resolver is named', async () => {
    expect(loopbackOf({ host: 'localhost.shop.test' }, undefined)).toBeNull();
    expect(loopbackOf({ host: 'mylocalhost' }, undefined)).toBeNull();
    const stdout: string[] = [];
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => stdout.push(String(text)) > 0);
    const written = { api: '', sign: false, json: true, everywhere: false, watch: false };
    const code = await runCheck(
      `localhost:${shop.port}`,
      { ...written, resolver: dns.resolver },
      new AbortController().signal,
    ).finally(() => spy.mockRestore());
    expect(code).toBe(EXIT_CODES.failing);
    expect(JSON.parse(stdout.join(''))).toMatchObject({ stage: 'dns', outcome: 'nxdomain' });
    expect(asked()).not.toEqual([]);
  });
});

test('a name that DNS does not have and the hosts file has is said to be there', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'parallax-hosts-'));
  const hostsFile = join(directory, 'hosts');
  writeFileSync(hostsFile, '# 192.0.2.1 gone.test\n::1 localhost\n192.0.2.7\tdb  Gone.test # ours\n');
  const seen = async (text: string, file = hostsFile) =>
    checkHere(targetIn(text, {}), { resolver: dns.resolver, hostsFile: file });
  const gone = await seen('gone.test:5432');
  expect(gone).toMatchObject({ result: 'failing', outcome: 'nxdomain' });
  expect(drawn(gone)).toContain(
    'the hosts file has 192.0.2.7 for gone.test, but DNS was asked, because the probers do: parallax check 192.0.2.7:5432 tries that',
  );
  expect((await seen('other.test:5432')).note).toBeNull();
  expect((await seen('gone.test:5432', join(directory, 'none'))).note).toBeNull();
  rmSync(directory, { recursive: true });
});

test('nothing that a stranger wrote into a certificate moves the cursor', async () => {
  const seen = await check(`shop.test:${shop.port}`, 'tls');
  const certificate = seen.certificate && { ...seen.certificate, subject: 'CN=\x1b[2Jshop\x07' };
  const text = drawn({ ...seen, certificate });
  expect(text).toContain('CN=�[2Jshop�');
});
