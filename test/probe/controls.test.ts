import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tryControls } from '../../lib/probe/controls.ts';
import { climbAll, type Prober, type Try } from '../../lib/probe/group.ts';
import { type DnsServer, dnsServer } from '../support/dns-server.ts';
import { type Peer, refusedPort, tcpServer } from '../support/servers.ts';
import { type SilentPort, silentPort } from '../support/silent-port.ts';

let dns: DnsServer;
let four: Peer;
let six: Peer;
let closed: number;
let silent: SilentPort;
beforeAll(async () => {
  four = await tcpServer(undefined, '127.0.3.1');
  six = await tcpServer(undefined, '::1');
  closed = (await refusedPort('::1')).port;
  silent = await silentPort('127.0.3.9');
  dns = await dnsServer({
    'both.test': { a: ['127.0.3.2'], aaaa: ['::1'] },
    'four.test': { a: ['127.0.3.2'] },
    'six.test': { aaaa: ['::1'] },
    'bad.test': { rcode: 2 },
    'half.test': { a: ['127.0.3.2'], aaaa: ['::1'] },
  });
});
afterAll(async () => {
  await Promise.all([four.close(), six.close(), silent.close(), dns.close()]);
});

const ask = async (controls: readonly string[], ipv6Failed = false, allowPrivateAddresses = true) => {
  const options = { resolver: dns.resolver, allowPrivateAddresses, ipv6Failed, timedOut: false };
  const { region, families } = await tryControls(controls, options);
  return { ...region, families };
};
const askOften = async (controls: readonly string[]) =>
  tryControls(controls, {
    resolver: dns.resolver,
    allowPrivateAddresses: true,
    ipv6Failed: false,
    timedOut: true,
  });

/** What no other test asks: tries to one address are spaced. */
let used = 20;
const healthy4 = async (): Promise<string> => {
  used += 1;
  const peer = await tcpServer(undefined, `127.0.3.${used}`);
  peers.push(peer);
  return `${peer.address}:${peer.port}`;
};
const peers: Peer[] = [];
afterAll(() => Promise.all(peers.map((peer) => peer.close())));

describe('controls', () => {
  it('count for their own family, and all together for the region', async () => {
    const list = [await healthy4(), await healthy4(), `[::1]:${closed}`];
    const health = await ask(list, true);
    expect(health).toMatchObject({ healthy: true, passed: 2, tried: 3 });
    expect(health.families.ipv4).toEqual({ reached: true, lossy: false, resolved: null });
    expect(health.families.ipv6).toEqual({ reached: false, lossy: false, resolved: null });
  });

  it('of a family that has none are healthy', async () => {
    expect((await ask([])).families).toEqual({
      ipv4: { reached: true, lossy: false, resolved: null },
      ipv6: { reached: true, lossy: false, resolved: null },
    });
    const dead = await refusedPort('127.0.3.3');
    const health = await ask([`127.0.3.3:${dead.port}`], true);
    expect(health).toMatchObject({ healthy: false, passed: 0, tried: 1 });
    expect(health.families.ipv6.reached).toBe(true);
  });

  it('that are names are tried over IPv6 only where that failed', async () => {
    const listening = await tcpServer(undefined, '127.0.3.2');
    peers.push(listening);
    const over4 = await ask([`half.test:${listening.port}`]);
    expect(over4).toMatchObject({ healthy: true, passed: 1, tried: 1 });
    expect(over4.families.ipv6.reached).toBe(true);
    const over6 = await ask([`half.test:${listening.port}`], true);
    expect(over6, 'the region is counted by IPv4').toMatchObject({ healthy: true, passed: 1, tried: 1 });
    expect(over6.families).toEqual({
      ipv4: { reached: true, lossy: false, resolved: 'each_time' },
      ipv6: { reached: false, lossy: false, resolved: 'each_time' },
    });
  });

  it('without an address of a family say nothing of it', async () => {
    const listening = await tcpServer(undefined, '127.0.3.2');
    peers.push(listening);
    const health = await ask([`four.test:${listening.port}`], true);
    expect(health).toMatchObject({ healthy: true, passed: 1, tried: 1 });
    expect(health.families.ipv6).toEqual({ reached: true, lossy: false, resolved: 'each_time' });
    const other = await ask([`six.test:${six.port}`]);
    expect(other).toMatchObject({ healthy: true, passed: 0, tried: 0 });
    expect(other.families.ipv4, 'nothing shows that the resolver works').toEqual({
      reached: true,
      lossy: false,
      resolved: 'never',
    });
  });

  it('whose name does not resolve fail', async () => {
    const health = await ask(['bad.test:443', 'missing.test:443'], true);
    expect(health).toMatchObject({ healthy: false, passed: 0, tried: 2 });
    expect(health.families.ipv6).toEqual({ reached: false, lossy: false, resolved: 'never' });
  });

  it('that stay silent cost no more than 2 s and outvote nobody', async () => {
    const list = [await healthy4(), await healthy4(), `127.0.3.9:${silent.port}`];
    const from = performance.now();
    const health = await ask(list);
    expect(health).toMatchObject({ healthy: true, passed: 2, tried: 3 });
    expect(performance.now() - from).toBeLessThan(3000);
  });

  it('half of which pass are healthy', async () => {
    const dead = await refusedPort('127.0.3.4');
    const health = await ask([await healthy4(), `127.0.3.4:${dead.port}`]);
    expect(health).toMatchObject({ healthy: true, passed: 1, tried: 2 });
  });

  it('whose turn does not come count neither way: other groups ask them just now', async () => {
    const control = await healthy4();
    const many = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(() => ask([control])));
    expect(many.every(({ healthy }) => healthy)).toBe(true);
    expect(many.some(({ tried }) => tried === 0)).toBe(true);
  });

  it('that are addresses may be private, and names may not lead there', async () => {
    const listening = await tcpServer(undefined, '127.0.3.5');
    peers.push(listening);
    dns.set('inside.test', { a: ['127.0.3.5'] });
    const health = await ask([`inside.test:${listening.port}`], false, false);
    expect(health).toMatchObject({ healthy: false, passed: 0, tried: 1 });
    expect(health.families.ipv4.resolved, 'no such answer is of what was meant').toBe('never');
    expect(listening.connections()).toBe(0);
    expect(await ask([`127.0.3.5:${listening.port}`], false, false)).toMatchObject({ passed: 1, tried: 1 });
  });
});

describe('where something timed out, controls', () => {
  it('are tried four times, and one that never answers is down rather than far', async () => {
    const health = await askOften([await healthy4(), await healthy4(), `127.0.3.9:${silent.port}`]);
    expect(health.region).toEqual({ healthy: true, passed: 2, tried: 3, syns: 8, lost: 0 });
  });

  it('of which packets are lost make the region lossy', async () => {
    const flaky = await silentPort('127.0.3.10');
    let knocks = 0;
    // A listener that is stopped accepts nothing until the other control has been tried for the second time.
    const steady = await tcpServer(() => {
      knocks += 1;
      if (knocks === 2) flaky.heal();
    }, '127.0.3.11');
    peers.push(steady, flaky);
    const list = [`127.0.3.10:${flaky.port}`, `127.0.3.11:${steady.port}`];
    const { region, families } = await askOften(list);
    expect(region).toMatchObject({ healthy: false, passed: 2, tried: 2 });
    expect(region.lost).toBeGreaterThanOrEqual(2);
    expect(families.ipv4).toEqual({ reached: true, lossy: true, resolved: null });
  });

  it('that are names show whether the resolver answers each time', async () => {
    const listening = await tcpServer(undefined, '127.0.3.2');
    peers.push(listening);
    dns.set('flaky.test', { inTurn: [{ a: ['127.0.3.2'] }, { rcode: 2 }] });
    const flaky = await askOften([`flaky.test:${listening.port}`]);
    expect(flaky.families.ipv4.resolved).toBe('sometimes');
    dns.set('flaky.test', { a: ['127.0.3.2'] });
    const steady = await askOften([`flaky.test:${listening.port}`]);
    expect(steady.families.ipv4.resolved).toBe('each_time');
  });
});

const aTry = (host: string, port: number, addressFamily: 'ipv4' | 'ipv6'): Try => ({
  target: { tag: 1, host, port, handshake: 'tcp', addressFamily, certificate: 'verify' },
  address: null,
  pin: 'if_resolved',
  orOther: false,
  rotation: 0,
});

describe('a region that has lost one family', () => {
  const climb = (controls: readonly string[], tries: readonly Try[]) => {
    const prober: Prober = {
      resolver: dns.resolver,
      allowPrivateAddresses: true,
      ipv6: true,
      controls,
      sourceAddress: () => null,
      limits: { connectMs: 1000 },
    };
    return climbAll(tries, prober);
  };

  it('blames itself for that family only', async () => {
    const dead4 = await refusedPort('127.0.3.6');
    const list = [await healthy4(), await healthy4(), `[::1]:${closed}`];
    const { observations, controls } = await climb(list, [
      aTry('127.0.3.6', dead4.port, 'ipv4'),
      aTry('::1', closed, 'ipv6'),
      aTry('missing.test', 443, 'ipv6'),
    ]);
    expect(observations).toMatchObject([
      { outcome: 'refused', evidence: 'refused', reason: null },
      { outcome: 'refused', evidence: 'inconclusive', reason: 'region_unhealthy' },
      { outcome: 'nxdomain', evidence: 'inconclusive', reason: 'region_unhealthy' },
    ]);
    expect(controls).toEqual({ healthy: true, passed: 2, tried: 3, syns: 2, lost: 0 });
  });

  it('is believed about IPv6 while IPv4 is what is broken', async () => {
    const [a, b] = [await refusedPort('127.0.3.7'), await refusedPort('127.0.3.8')];
    const list = [`127.0.3.7:${a.port}`, `127.0.3.8:${b.port}`, `[::1]:${six.port}`];
    const { observations, controls } = await climb(list, [
      aTry('127.0.3.7', a.port, 'ipv4'),
      aTry('::1', closed, 'ipv6'),
    ]);
    expect(observations).toMatchObject([
      { evidence: 'inconclusive', reason: 'region_unhealthy' },
      { evidence: 'refused', reason: null },
    ]);
    expect(controls).toEqual({ healthy: false, passed: 1, tried: 3, syns: 1, lost: 0 });
  });
});
