import type { Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { climbAll, type Prober, type Try } from '../../lib/probe/group.ts';
import type { Target } from '../../lib/probe/ladder.ts';
import { type Certificates, certificates } from '../support/certificates.ts';
import { type DnsServer, dnsServer } from '../support/dns-server.ts';
import { http2Server, type Peer, refusedPort, tcpServer, tlsServer } from '../support/servers.ts';
import { silentPort } from '../support/silent-port.ts';

let all: Certificates;
let dns: DnsServer;
const peers: Peer[] = [];
const keep = async (starting: Promise<Peer>): Promise<Peer> => {
  const peer = await starting;
  peers.push(peer);
  return peer;
};

// Loopback is 127.0.0.0/8: every test takes addresses of its own, since tries to one address are spaced.
let used = 10;
const fresh = (): string => {
  used += 1;
  return `127.0.1.${used}`;
};

beforeAll(async () => {
  all = await certificates();
  dns = await dnsServer({ 'control.test': { a: ['127.0.0.2'] }, 'bad.test': { rcode: 2 } });
});
afterAll(async () => {
  await Promise.all(peers.map((peer) => peer.close()));
  await dns.close();
});

let tag = 0;
beforeEach(() => {
  tag = 0;
});
function aTry(target: Partial<Target> & Pick<Target, 'host' | 'port'>, rest: Partial<Try> = {}): Try {
  tag += 1;
  return {
    target: { tag, handshake: 'tcp', addressFamily: 'ipv4', certificate: 'verify', ...target },
    address: null,
    pin: 'if_resolved',
    orOther: false,
    rotation: 0,
    ...rest,
  };
}
const prober = (rest: Partial<Prober> = {}): Prober => ({
  resolver: dns.resolver,
  allowPrivateAddresses: true,
  ipv6: true,
  controls: [],
  sourceAddress: () => '198.51.100.7',
  trust: [all.authority],
  limits: { connectMs: 1000, tlsMs: 500 },
  ...rest,
});

describe('a group of tries', () => {
  it('comes after the try that caused it, though its own clock says otherwise', async () => {
    const peer = await keep(tcpServer());
    dns.set('gone.test', { rcode: 3 });
    const after = Date.now() + 3_000;
    const rest = { after, pin: 'must', orOther: true } as const;
    const { observations } = await climbAll(
      [
        aTry({ host: 'one.test', port: peer.port }, { ...rest, address: '127.0.0.1' }),
        aTry({ host: 'gone.test', port: peer.port }, { ...rest, address: null }),
        aTry({ host: '127.0.0.1', port: peer.port }, { after: Date.now() - 3_000 }),
      ],
      prober(),
    );
    const [pinned, unresolved, earlier] = observations.map(({ at }) => at - after);
    expect([pinned, unresolved]).toEqual([1, 1]);
    expect(earlier).toBeLessThan(0);
  });

  it('answers in the order asked, with one copy of each certificate and no controls when all is well', async () => {
    const web = await keep(http2Server(all.good, {}, '127.0.0.1'));
    dns.set('shop.test', { a: ['127.0.0.1'] });
    const result = await climbAll(
      [
        aTry({ host: 'shop.test', port: web.port, handshake: 'http2' }),
        aTry({ host: '127.0.0.1', port: web.port, handshake: 'tls' }),
      ],
      prober({ controls: ['127.0.0.1:1'] }),
    );
    expect(result.observations.map(({ tag: one, passed, stage }) => [one, passed, stage])).toEqual([
      [1, true, 'http2'],
      [2, true, 'tls'],
    ]);
    expect(result.observations[0]?.timings).toHaveProperty('dnsMs');
    expect(result.observations[1]?.timings).not.toHaveProperty('dnsMs');
    expect(result.certificates).toHaveLength(1);
    expect(result.controls).toBeNull();
    expect(JSON.stringify(result)).not.toContain('198.51.100.7');
  });

  it('asks for a name once, and dials the address that the rotation names', async () => {
    const [a, b] = [fresh(), fresh()];
    dns.set('many.test', { a: [b, a] });
    const port = (await keep(tcpServer(undefined, '0.0.0.0'))).port;
    const tries = [0, 1, 2].map((rotation) => aTry({ host: 'many.test', port }, { rotation }));
    const { observations } = await climbAll(tries, prober());
    expect(observations.map((one) => 'address' in one && one.address)).toEqual([a, b, a]);
    expect(dns.asked.filter((name) => name === 'many.test')).toHaveLength(1);
  });

  it('keeps to a named address as long as DNS gives it', async () => {
    const [a, b, gone] = [fresh(), fresh(), fresh()];
    dns.set('pinned.test', { a: [a, b] });
    const port = (await keep(tcpServer(undefined, '0.0.0.0'))).port;
    const { observations } = await climbAll(
      [
        aTry({ host: 'pinned.test', port }, { address: b }),
        aTry({ host: 'pinned.test', port }, { address: gone }),
      ],
      prober(),
    );
    expect(observations.map((one) => 'address' in one && one.address)).toEqual([b, a]);
  });

  it('dials an address that must be tried whatever DNS says', async () => {
    const address = fresh();
    const port = (await keep(tcpServer(undefined, address))).port;
    const { observations } = await climbAll(
      [aTry({ host: 'nowhere.test', port }, { address, pin: 'must' })],
      prober(),
    );
    expect(observations).toMatchObject([{ passed: true, address }]);
  });

  it('tries one other address of its own answer when asked to, and tells of both', async () => {
    const [dead, alive] = [fresh(), fresh()];
    dns.set('geo.test', { a: [alive] });
    const port = (await keep(tcpServer(undefined, alive))).port;
    const named = { address: dead, pin: 'must', orOther: true } as const;
    const { observations } = await climbAll(
      [aTry({ host: 'geo.test', port }, named), aTry({ host: 'nowhere.test', port }, named)],
      prober(),
    );
    expect(observations).toMatchObject([
      { tag: 1, passed: false, outcome: 'refused', address: dead, sourceAddress: '198.51.100.7' },
      { tag: 1, passed: true, address: alive },
      { tag: 2, passed: false, outcome: 'refused', address: dead },
    ]);
  });

  it('does not dial forbidden addresses, named ones included', async () => {
    const address = fresh();
    const peer = await keep(tcpServer(undefined, address));
    dns.set('inside.test', { a: [address] });
    const result = await climbAll(
      [
        aTry({ host: 'inside.test', port: peer.port }),
        aTry({ host: 'shop.test', port: peer.port }, { address, pin: 'must' }),
      ],
      prober({ allowPrivateAddresses: false, controls: ['127.0.0.1:1'] }),
    );
    expect(result.observations).toMatchObject([
      { outcome: 'address_forbidden', evidence: 'inconclusive' },
      { outcome: 'address_forbidden', evidence: 'inconclusive' },
    ]);
    expect(result.controls).toBeNull();
    expect(peer.connections()).toBe(0);
  });

  it('says of IPv6 that it has none', async () => {
    dns.set('six.test', { aaaa: ['::1'] });
    const peer = await keep(tcpServer(undefined, '::1'));
    const tries = [
      aTry({ host: 'six.test', port: peer.port, addressFamily: 'ipv6' }),
      aTry({ host: '::1', port: peer.port, addressFamily: 'ipv6' }),
    ];
    const without = await climbAll(tries, prober({ ipv6: false }));
    const none = { outcome: 'local_error', reason: 'no_ipv6', evidence: 'inconclusive', address: '::1' };
    expect(without.observations).toMatchObject([none, none]);
    expect(peer.connections()).toBe(0);
    const withIt = await climbAll(tries, prober());
    expect(withIt.observations).toMatchObject([{ passed: true }, { passed: true }]);
  });

  it('tries one address at most twice a second, in one call and in the next', async () => {
    const address = fresh();
    const at: number[] = [];
    const note = (socket: Socket): void => {
      at.push(performance.now());
      socket.resume();
    };
    const peer = await keep(tcpServer(note, address));
    const three = [1, 2, 3].map(() => aTry({ host: address, port: peer.port }));
    await climbAll(three.slice(0, 2), prober());
    await climbAll(three.slice(2), prober());
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(gaps).toHaveLength(2);
    for (const gap of gaps) expect(gap).toBeGreaterThan(450);
  });

  it('gives up a try whose turn does not come', async () => {
    const address = fresh();
    const peer = await keep(tcpServer(undefined, address));
    const tries = [1, 2].map(() => aTry({ host: address, port: peer.port }));
    const { observations, controls } = await climbAll(tries, prober({ startWithinMs: 100 }));
    expect(observations).toMatchObject([
      { passed: true },
      { outcome: 'local_error', reason: 'address_busy', evidence: 'inconclusive' },
    ]);
    expect(controls).toBeNull();
  });
});

describe('controls', () => {
  it('are asked once when something fails, and believe a healthy region', async () => {
    const good = await keep(tcpServer(undefined, '127.0.0.2'));
    const dead = await refusedPort(fresh());
    const failing = [1, 2].map(() => aTry({ host: dead.address, port: dead.port }));
    const result = await climbAll(failing, prober({ controls: [`127.0.0.2:${good.port}`] }));
    expect(result.controls).toEqual({ healthy: true, passed: 1, tried: 1, syns: 1, lost: 0 });
    expect(result.observations).toMatchObject([{ evidence: 'refused' }, { evidence: 'refused' }]);
    expect(good.connections()).toBe(1);
  });

  it('that mostly fail make every failure inconclusive, and no success', async () => {
    const alive = await keep(tcpServer(undefined, fresh()));
    const good = await keep(tcpServer(undefined, fresh()));
    const [dead, sick, sicker] = [
      await refusedPort(fresh()),
      await refusedPort(fresh()),
      await refusedPort(fresh()),
    ];
    const expired = await keep(tlsServer(all.expired, {}, undefined, fresh()));
    const { observations, controls } = await climbAll(
      [
        aTry({ host: dead.address, port: dead.port }),
        aTry({ host: alive.address, port: alive.port }),
        aTry({ host: expired.address, port: expired.port, handshake: 'tls' }),
        aTry({ host: 'nxdomain.test', port: 1 }),
      ],
      prober({ controls: [good, sick, sicker].map(({ address, port }) => `${address}:${port}`) }),
    );
    expect(controls).toEqual({ healthy: false, passed: 1, tried: 3, syns: 1, lost: 0 });
    const blamed = { evidence: 'inconclusive', reason: 'region_unhealthy' };
    expect(observations).toMatchObject([
      { ...blamed, outcome: 'refused' },
      { passed: true },
      { ...blamed, outcome: 'bad_certificate' },
      { ...blamed, outcome: 'nxdomain' },
    ]);
  });

  it.each([
    [0, { evidence: 'inconclusive', reason: 'region_unhealthy' }],
    [30_000, { evidence: 'refused', reason: null }],
  ])(
    'a try that begins %i ms after its region was sick is believed only later than that',
    async (agoMs, expected) => {
      const [good, dead] = [await keep(tcpServer(undefined, fresh())), await refusedPort(fresh())];
      const { observations } = await climbAll([aTry({ host: dead.address, port: dead.port })], {
        ...prober({ controls: [`${good.address}:${good.port}`] }),
        sickAtMs: Date.now() - agoMs,
      });
      expect(observations[0]).toMatchObject(expected);
    },
  );

  it.each([
    ['a control name resolved', ['control.test'], ['unresolved', 'unresolved'], [null, null]],
    [
      'no control name resolved',
      ['missing.test', '127.0.0.2'],
      ['inconclusive', 'inconclusive'],
      ['resolver_unhealthy', 'resolver_unhealthy'],
    ],
    ['no control has a name', ['127.0.0.2'], ['unresolved', 'inconclusive'], [null, 'resolver_unhealthy']],
    ['there are no controls', [], ['unresolved', 'inconclusive'], [null, 'resolver_unhealthy']],
  ])('judge NXDOMAIN and SERVFAIL when %s', async (_case, hosts, evidence, reasons) => {
    const good = await keep(tcpServer(undefined, '127.0.0.2'));
    const { observations } = await climbAll(
      [aTry({ host: 'nxdomain.test', port: 443 }), aTry({ host: 'bad.test', port: 443 })],
      prober({ controls: hosts.map((host) => `${host}:${good.port}`) }),
    );
    expect(observations.map((one) => !one.passed && one.evidence)).toEqual(evidence);
    expect(observations.map((one) => !one.passed && one.reason)).toEqual(reasons);
  });

  it('are asked while something is silent still, and once', async () => {
    const knocks: number[] = [];
    const good = await keep(tcpServer((socket) => knocks.push(Date.now()) && socket.resume(), fresh()));
    const silent = await silentPort(fresh());
    peers.push(silent);
    const connectMs = 4_500;
    const { observations, controls } = await climbAll(
      [aTry({ host: silent.address, port: silent.port })],
      prober({ controls: [`${good.address}:${good.port}`], limits: { connectMs } }),
    );
    expect(observations).toMatchObject([{ outcome: 'timeout', evidence: 'filtered' }]);
    expect(controls).toEqual({ healthy: true, passed: 1, tried: 1, syns: 4, lost: 0 });
    expect(knocks).toHaveLength(4);
    expect(knocks[0]).toBeLessThan((observations[0]?.at ?? 0) + connectMs);
  });

  it('must be HOST:PORT', async () => {
    const dead = await refusedPort(fresh());
    const failing = [aTry({ host: dead.address, port: dead.port })];
    await expect(climbAll(failing, prober({ controls: ['1.1.1.1'] }))).rejects.toThrow('must be HOST:PORT');
  });
});
