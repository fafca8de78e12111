import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isMetadata } from '../../lib/endpoint/address.ts';
import type { GroupResult, Try } from '../../lib/probe/group.ts';
import { type DnsServer, dnsServer } from '../support/dns-server.ts';
import { peer } from './peer.ts';
import type { Group } from './peers/group.ts';
import { feed } from './shell.ts';
import { countSyns, type SynCounter, type Syns } from './syns.ts';
import { type Host, labMissing, World } from './world.ts';

const missing = await labMissing();

/** Public, as far as anybody can tell: in this world they are the target's. */
const OPEN = '20.1.2.3';
const OPEN6 = '2600:1f00::3';

/** One of every sort that must not be dialled, and forms that carry one. The target has all that can be given to a host. */
const FORBIDDEN = [
  '10.0.0.1',
  '172.16.5.4',
  '192.168.1.1',
  '100.64.0.1',
  '169.254.169.254',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
  '198.51.100.7',
] as const;
const FORBIDDEN6 = [
  'fd00:ec2::254',
  'fc00::1',
  '64:ff9b::a00:1',
  '64:ff9b::a9fe:a9fe',
  '2002:a00:1::1',
  '2001:0:a00:1::1',
  '2001:db8::1',
] as const;
const ONLY_ADDRESSES = ['127.0.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255'] as const;
const ONLY_ADDRESSES6 = [
  '::1',
  '::',
  '::ffff:10.0.0.1',
  '::ffff:169.254.169.254',
  '::10.0.0.1',
  'ff02::1',
] as const;

let tag = 0;
function aTry(host: string, rest: Partial<Try> = {}): Try {
  tag += 1;
  const addressFamily = host.startsWith('six-') || host.includes(':') ? 'ipv6' : 'ipv4';
  const target = { tag, host, port: 443, handshake: 'tcp', addressFamily, certificate: 'ignore' } as const;
  return { target, address: null, pin: 'if_resolved', orOther: false, rotation: 0, ...rest };
}

const REFUSED = { passed: false, stage: 'tcp', outcome: 'address_forbidden', evidence: 'inconclusive' };

describe.skipIf(missing)('a prober that may dial public addresses only', () => {
  let world: World;
  let region: Host;
  let target: Host;
  let dns: DnsServer;
  let sent: SynCounter;
  let got: SynCounter;

  beforeAll(async () => {
    world = await World.make();
    region = await world.host('region');
    target = await world.host('target');
    dns = await dnsServer({}, world.gateway);
    // Whatever is not on the bridge is the target's, if anybody's.
    await world.in(region, 'ip', 'route', 'replace', 'default', 'via', target.address);
    await world.in(region, 'ip', '-6', 'route', 'replace', 'default', 'via', target.address6);
    const own = [OPEN, ...FORBIDDEN].map((one) => `ip addr add ${one}/32 dev lo`);
    const own6 = [OPEN6, ...FORBIDDEN6].map((one) => `ip addr add ${one}/128 dev lo nodad`);
    await world.in(target, 'sh', '-ec', [...own, ...own6].join('\n'));
    await peer(world, target, 'listener', '::', '443', '128');
    sent = await countSyns(world, region, 'output', { address: OPEN, address6: OPEN6 });
    got = await countSyns(world, target, 'prerouting', { address: OPEN, address6: OPEN6 });
  });
  afterAll(async () => {
    await dns?.close();
    await world?.close();
  });

  beforeEach(() => syns());

  /** SYNs since the last call: that left the region, loopback included, and that came to the target. */
  async function syns(): Promise<Syns & { readonly arrived: number }> {
    return { arrived: (await got.read()).forbidden, ...(await sent.read()) };
  }

  async function climb(
    tries: readonly Try[],
    { allow = false, env = [] as readonly string[] } = {},
  ): Promise<GroupResult> {
    const prober = {
      resolver: dns.resolver,
      allowPrivateAddresses: allow,
      controls: [],
      limits: { connectMs: 1500 },
    };
    const group: Group = { tries, prober };
    const words = [process.execPath, 'test/lab/peers/group.ts'];
    const command = ['ip', 'netns', 'exec', region.name, 'env', ...env, ...words];
    return JSON.parse(await feed(JSON.stringify(group), ...command)) as GroupResult;
  }

  const everySort = (): Try[] => {
    const all = [...FORBIDDEN, ...FORBIDDEN6, ...ONLY_ADDRESSES, ...ONLY_ADDRESSES6];
    return all.flatMap((address, index) => {
      const six = address.includes(':');
      const name = six ? `six-sort${index}.test` : `sort${index}.test`;
      dns.set(name, six ? { aaaa: [address] } : { a: [address] });
      // Its name, the address itself, and the address as another region names it.
      return [aTry(name), aTry(address), aTry(name, { address, pin: 'must' })];
    });
  };

  it('sends no SYN to any sort of forbidden address, and says which it was', async () => {
    const tries = everySort();
    const { observations } = await climb(tries);
    expect(observations).toHaveLength(tries.length);
    for (const observation of observations) {
      expect(observation).toMatchObject({ ...REFUSED, address: expect.any(String) });
    }
    expect(await syns()).toEqual({ open: 0, forbidden: 0, arrived: 0 });
  });

  it('is seen by the same counters as soon as it may dial them, metadata services excepted, and at a public address', async () => {
    const names = FORBIDDEN.map((address, index) => {
      dns.set(`seen${index}.test`, { a: [address] });
      return aTry(`seen${index}.test`);
    });
    const names6 = FORBIDDEN6.map((address, index) => {
      dns.set(`six-seen${index}.test`, { aaaa: [address] });
      return aTry(`six-seen${index}.test`);
    });
    const { observations } = await climb([...names, ...names6], { allow: true });
    const dialled = observations.filter(({ passed }) => passed);
    const services = [...FORBIDDEN, ...FORBIDDEN6].filter(isMetadata);
    expect(services.length).toBeGreaterThan(0);
    expect(dialled).toHaveLength(names.length + names6.length - services.length);
    for (const one of observations) if (!one.passed) expect(one).toMatchObject(REFUSED);
    const allowed = await syns();
    expect(allowed.arrived).toBeGreaterThanOrEqual(dialled.length);
    expect(allowed.forbidden).toBe(allowed.arrived);

    const open = await climb([aTry(OPEN), aTry(OPEN6)]);
    expect(open.observations).toMatchObject([{ passed: true }, { passed: true }]);
    expect(await syns()).toMatchObject({ forbidden: 0, arrived: 0, open: 2 });
  });

  it('gets through at the public address of a mixed answer in every slot', async () => {
    dns.set('mixed.test', { a: ['10.0.0.1', OPEN, '169.254.169.254'] });
    dns.set('six-mixed.test', { aaaa: ['fd00:ec2::254', OPEN6] });
    const tries = [0, 1, 2].flatMap((rotation) => [
      aTry('mixed.test', { rotation }),
      aTry('six-mixed.test', { rotation }),
      aTry('mixed.test', { rotation, address: '10.0.0.1' }),
    ]);
    const { observations } = await climb(tries);
    for (const observation of observations) expect(observation).toMatchObject({ passed: true });
    expect(await syns()).toMatchObject({ forbidden: 0, arrived: 0 });
  });

  it('dials what it checked: an answer that changes between two questions is asked for once a try', async () => {
    dns.set('rebind.test', { inTurn: [{ a: [OPEN] }, { a: ['169.254.169.254'] }] });
    for (let n = 0; n < 4; n += 1) {
      const before = dns.asked.filter((name) => name === 'rebind.test').length;
      const { observations } = await climb([aTry('rebind.test', { orOther: true })]);
      const asked = dns.asked.filter((name) => name === 'rebind.test').length - before;
      expect(asked).toBe(1);
      const expected =
        n % 2 === 0 ? { passed: true, address: OPEN } : { ...REFUSED, address: '169.254.169.254' };
      expect(observations).toMatchObject([expected]);
    }
    expect(await syns()).toEqual({ open: 2, forbidden: 0, arrived: 0 });
  });

  it('follows an alias to its address, and refuses it there', async () => {
    dns.set('alias.test', { cname: 'inner.test' });
    dns.set('inner.test', { a: ['192.168.1.1'] });
    const { observations } = await climb([aTry('alias.test')]);
    expect(observations).toMatchObject([{ ...REFUSED, address: '192.168.1.1' }]);
    expect(await syns()).toEqual({ open: 0, forbidden: 0, arrived: 0 });
  });

  it('refuses what another region names, and tries its own answer', async () => {
    dns.set('confirm.test', { a: ['10.0.0.1', OPEN] });
    const named = { address: '10.0.0.1', pin: 'must', orOther: true } as const;
    const { observations } = await climb([aTry('confirm.test', named)]);
    expect(observations).toMatchObject([
      { ...REFUSED, address: '10.0.0.1' },
      { passed: true, address: OPEN },
    ]);
    expect(await syns()).toEqual({ open: 1, forbidden: 0, arrived: 0 });
  });

  it('asks DNS for localhost, never the hosts file, and refuses the answer', async () => {
    dns.set('localhost', { a: ['127.0.0.1'] });
    const { observations } = await climb([aTry('localhost'), aTry('localhost.')]);
    expect(observations).toMatchObject([
      { ...REFUSED, address: '127.0.0.1' },
      { ...REFUSED, address: '127.0.0.1' },
    ]);
    expect(dns.asked).toContain('localhost');
    expect(await syns()).toEqual({ open: 0, forbidden: 0, arrived: 0 });
  });

  it('takes no detour by a proxy of the environment', async () => {
    const proxy = `http://${target.address}:443`;
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
    const env = ['NODE_USE_ENV_PROXY=1', ...names.map((name) => `${name}=${proxy}`)];
    const { observations } = await climb([aTry(OPEN), aTry('10.0.0.1')], { env });
    expect(observations).toMatchObject([{ passed: true, address: OPEN }, REFUSED]);
    expect(await syns()).toEqual({ open: 1, forbidden: 0, arrived: 0 });
  });

  it('asks for addresses only: no record could send it elsewhere', () => {
    expect([...dns.types].sort()).toEqual(['A', 'AAAA']);
  });
});
