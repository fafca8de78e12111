import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GroupResult, Try } from '../../lib/probe/group.ts';
import { type DnsRecord, type DnsServer, dnsServer } from '../support/dns-server.ts';
import type { Group } from './peers/group.ts';
import { feed } from './shell.ts';
import { type Host, labMissing, World } from './world.ts';

const missing = await labMissing();

interface Trouble {
  readonly name: string;
  /** How the resolver answers for the endpoint and for the control. */
  readonly shop: DnsRecord;
  readonly control: DnsRecord | 'well' | 'no control name';
  readonly expect: {
    readonly outcome: string;
    readonly evidence: 'unresolved' | 'inconclusive';
    readonly reason: string | null;
  };
}

const sick = { evidence: 'inconclusive', reason: 'resolver_unhealthy' } as const;
const dead = { evidence: 'unresolved', reason: null } as const;
const SERVFAIL = { rcode: 2 };
const NXDOMAIN = { rcode: 3 };

/** A resolver that fails everything is the region's trouble; one that fails a single zone tells of that zone. */
const TROUBLES: readonly Trouble[] = [
  {
    name: 'says SERVFAIL to all',
    shop: SERVFAIL,
    control: SERVFAIL,
    expect: { outcome: 'servfail', ...sick },
  },
  {
    name: 'says NXDOMAIN to all',
    shop: NXDOMAIN,
    control: NXDOMAIN,
    expect: { outcome: 'nxdomain', ...sick },
  },
  { name: 'has no address for any', shop: {}, control: {}, expect: { outcome: 'no_answer', ...sick } },
  { name: 'is silent to all', shop: 'silent', control: 'silent', expect: { outcome: 'timeout', ...sick } },
  {
    name: 'says SERVFAIL to one zone',
    shop: SERVFAIL,
    control: 'well',
    expect: { outcome: 'servfail', ...dead },
  },
  {
    name: 'says NXDOMAIN to one name',
    shop: NXDOMAIN,
    control: 'well',
    expect: { outcome: 'nxdomain', ...dead },
  },
  {
    name: 'is silent about one zone',
    shop: 'silent',
    control: 'well',
    expect: { outcome: 'timeout', ...dead },
  },
  {
    name: 'says SERVFAIL, no control being a name',
    shop: SERVFAIL,
    control: 'no control name',
    expect: { outcome: 'servfail', ...sick },
  },
  {
    name: 'is silent, no control being a name',
    shop: 'silent',
    control: 'no control name',
    expect: { outcome: 'timeout', ...sick },
  },
  {
    name: 'says NXDOMAIN, no control being a name',
    shop: NXDOMAIN,
    control: 'no control name',
    expect: { outcome: 'nxdomain', ...dead },
  },
];

describe.skipIf(missing)('a resolver in a region whose controls answer at their addresses', () => {
  let world: World;
  let region: Host;
  let dns: DnsServer;
  let control: Server;
  let controlPort: number;

  beforeAll(async () => {
    world = await World.make();
    region = await world.host('region');
    dns = await dnsServer({}, world.gateway);
    control = createServer((socket) => socket.on('error', () => socket.destroy()).end());
    await once(control.listen(0, '::'), 'listening');
    controlPort = (control.address() as AddressInfo).port;
  });
  afterAll(async () => {
    control?.close();
    await dns?.close();
    await world?.close();
  });

  async function climb(controls: readonly string[]): Promise<GroupResult> {
    const target = {
      tag: 1,
      host: 'shop.lab.test',
      port: 443,
      handshake: 'tcp',
      certificate: 'ignore',
    } as const;
    const over = (addressFamily: 'ipv4' | 'ipv6'): Try => ({
      target: { ...target, addressFamily },
      address: null,
      pin: 'if_resolved',
      orOther: false,
      rotation: 0,
    });
    const prober = { resolver: dns.resolver, allowPrivateAddresses: true, controls };
    const group: Group = { tries: [over('ipv4'), over('ipv6')], prober };
    const words = ['ip', 'netns', 'exec', region.name, process.execPath, 'test/lab/peers/group.ts'];
    return JSON.parse(await feed(JSON.stringify(group), ...words)) as GroupResult;
  }

  it.each(TROUBLES)('that $name', async ({ shop, control: record, expect: expected }) => {
    dns.set('shop.lab.test', shop);
    const well = { a: [world.gateway], aaaa: [world.gateway6] };
    dns.set('control.lab.test', typeof record === 'string' && record !== 'silent' ? well : record);
    const addresses = [`${world.gateway}:${controlPort}`, `[${world.gateway6}]:${controlPort}`];
    const named = record === 'no control name' ? [] : [`control.lab.test:${controlPort}`];
    const { observations, controls } = await climb([...addresses, ...named]);
    expect(observations).toMatchObject([
      { stage: 'dns', ...expected },
      { stage: 'dns', ...expected },
    ]);
    expect(controls?.healthy, 'the region itself is well').toBe(true);
  });
});
