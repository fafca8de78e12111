import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkHere, type HereCheck } from '../../../lib/cli/check/here.ts';
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

test('nothing that a stranger wrote into a certificate moves the cursor', async () => {
  const seen = await check(`shop.test:${shop.port}`, 'tls');
  const certificate = seen.certificate && { ...seen.certificate, subject: 'CN=\x1b[2Jshop\x07' };
  const text = drawn({ ...seen, certificate });
  expect(text).toContain('CN=�[2Jshop�');
});
