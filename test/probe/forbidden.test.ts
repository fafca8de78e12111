import { afterAll, beforeAll, expect, it } from 'vitest';
import { climbAll, type Prober, type Try } from '../../lib/probe/group.ts';
import { type Certificates, certificates } from '../support/certificates.ts';
import { climb } from '../support/climb.ts';
import { type DnsServer, dnsServer } from '../support/dns-server.ts';
import { afterHello, H2, h2Frame, h2Speaker, type Peer, tcpServer } from '../support/servers.ts';

let all: Certificates;
let dns: DnsServer;
/** What must see no connection. */
let inside: Peer;
const peers: Peer[] = [];
beforeAll(async () => {
  all = await certificates();
  dns = await dnsServer();
  inside = await tcpServer(undefined, '127.0.4.1');
});
afterAll(async () => {
  await Promise.all([inside, ...peers].map((peer) => peer.close()));
  await dns.close();
});

const FORBIDDEN = { outcome: 'address_forbidden', evidence: 'inconclusive', address: '127.0.4.1' };

const aTry = (tag: number, host: string, rest: Partial<Try> = {}): Try => ({
  target: { tag, host, port: inside.port, handshake: 'tcp', addressFamily: 'ipv4', certificate: 'ignore' },
  address: null,
  pin: 'if_resolved',
  orOther: false,
  rotation: 0,
  ...rest,
});
const prober = (): Prober => ({
  resolver: dns.resolver,
  allowPrivateAddresses: false,
  ipv6: true,
  controls: [`127.0.4.1:${inside.port}`],
  sourceAddress: () => null,
});

it('refuses whoever names the address, the controls unasked', async () => {
  dns.set('inside.test', { a: ['127.0.4.1'] });
  dns.set('alias.test', { cname: 'inside.test' });
  const named = { address: '127.0.4.1' } as const;
  const { observations, controls } = await climbAll(
    [
      aTry(1, 'inside.test'),
      aTry(2, 'alias.test'),
      aTry(3, '127.0.4.1'),
      aTry(4, 'inside.test', named),
      aTry(5, 'shop.test', { ...named, pin: 'must' }),
      aTry(6, 'inside.test', { ...named, pin: 'must', orOther: true }),
    ],
    prober(),
  );
  expect(observations).toHaveLength(6);
  for (const observation of observations) expect(observation).toMatchObject(FORBIDDEN);
  expect(controls).toBeNull();
  expect(inside.connections()).toBe(0);
});

it('makes no other endpoint wait: nothing is sent, so nothing is spaced', async () => {
  dns.set('inside.test', { a: ['127.0.4.1'] });
  const many = Array.from({ length: 64 }, (_, index) => aTry(index, 'inside.test'));
  const { observations } = await climbAll(many, { ...prober(), startWithinMs: 5_000 });
  expect(observations.filter(({ passed }) => passed)).toEqual([]);
  for (const observation of observations) expect(observation).toMatchObject(FORBIDDEN);
  expect(inside.connections()).toBe(0);
});

it('dials no text that is not an address, even where private ones may be dialled', async () => {
  const { observation } = await climb({ address: 'localhost', port: inside.port }, all, { handshake: 'tcp' });
  expect(observation).toMatchObject({ outcome: 'address_forbidden', address: 'localhost' });
});

it('dials no metadata service, even where private addresses may be dialled', async () => {
  dns.set('metadata.test', { a: ['169.254.169.254'] });
  const other = await tcpServer(undefined, '127.0.4.2');
  peers.push(other);
  dns.set('mixed.test', { a: ['169.254.170.2', '127.0.4.2'] });
  const mixed = aTry(5, 'mixed.test');
  const { observations } = await climbAll(
    [
      aTry(1, 'metadata.test'),
      aTry(2, '169.254.169.254'),
      aTry(3, '::ffff:169.254.169.254'),
      aTry(4, 'inside.test', { address: '169.254.170.2', pin: 'must' }),
      { ...mixed, target: { ...mixed.target, port: other.port } },
    ],
    { ...prober(), allowPrivateAddresses: true },
  );
  const refused = { outcome: 'address_forbidden', evidence: 'inconclusive' };
  expect(observations).toMatchObject([
    { ...refused, address: '169.254.169.254' },
    refused,
    refused,
    { ...refused, address: '169.254.170.2' },
    { passed: true, address: '127.0.4.2' },
  ]);
});

it('follows no HTTP/2 frame that names another place', async () => {
  const elsewhere = `h2="127.0.4.1:${inside.port}"; ma=86400; persist=1`;
  const origin = `https://127.0.4.1:${inside.port}`;
  const sized = (text: string): Buffer =>
    Buffer.from([text.length >> 8, text.length & 0xff, ...Buffer.from(text)]);
  // RFC 7838 section 4 and RFC 8336 section 2: both on stream 0, which an ALTSVC frame names the origin of.
  const altSvc = h2Frame(0x0a, 0, Buffer.concat([sized('https://shop.test'), Buffer.from(elsewhere)]));
  const originFrame = h2Frame(0x0c, 0, sized(origin));
  const peer = await h2Speaker(all.good, (socket) => {
    socket.write(Buffer.concat([H2.settings, altSvc, originFrame, H2.ack]));
  });
  peers.push(peer);
  const { observation } = await climb(peer, all);
  expect(observation).toMatchObject({ passed: true, stage: 'http2', address: peer.address });
  expect(inside.connections()).toBe(0);
});

it.each([301, 302, 307, 308])('follows no redirect: a %d in plain text is no TLS', async (status) => {
  const location = `Location: https://127.0.4.1:${inside.port}/\r\nAlt-Svc: h2="127.0.4.1:${inside.port}"`;
  const peer = await afterHello((socket) => socket.end(`HTTP/1.1 ${status} Moved\r\n${location}\r\n\r\n`));
  peers.push(peer);
  const { observation } = await climb(peer, all);
  expect(observation).toMatchObject({ passed: false, stage: 'tls', outcome: 'not_tls' });
  expect(peer.connections()).toBe(1);
  expect(inside.connections()).toBe(0);
});
