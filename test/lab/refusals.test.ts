import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Host, labMissing, World } from './world.ts';

const missing = await labMissing();

/** What a firewall does with a SYN (nft's words), and what a try must make of it. Kernel table: net/ipv4/icmp.c icmp_err_convert[]. */
const REFUSALS = [
  { wall: 'drop', outcome: 'timeout', evidence: 'filtered', errno: null },
  { wall: 'reject with tcp reset', outcome: 'refused', evidence: 'refused', errno: 'ECONNREFUSED' },
  {
    wall: 'reject with icmp type port-unreachable',
    outcome: 'refused',
    evidence: 'refused',
    errno: 'ECONNREFUSED',
  },
  {
    wall: 'reject with icmp type net-unreachable',
    outcome: 'unreachable',
    evidence: 'filtered',
    errno: 'ENETUNREACH',
  },
  {
    wall: 'reject with icmp type host-unreachable',
    outcome: 'unreachable',
    evidence: 'filtered',
    errno: 'EHOSTUNREACH',
  },
  {
    wall: 'reject with icmp type admin-prohibited',
    outcome: 'unreachable',
    evidence: 'filtered',
    errno: 'EHOSTUNREACH',
  },
  {
    wall: 'reject with icmp type prot-unreachable',
    outcome: 'prohibited',
    evidence: 'filtered',
    errno: 'ENOPROTOOPT',
  },
] as const;

describe.skipIf(missing)('a firewall in front of a port', () => {
  let world: World;
  let region: Host;
  let shop: Host;

  beforeAll(async () => {
    world = await World.make();
    region = await world.host('region');
    shop = await world.host('shop');
  });
  afterAll(async () => {
    await world?.close();
  });

  it.each(REFUSALS)('that says "$wall" is seen as $outcome', async ({ wall, outcome, evidence, errno }) => {
    await world.in(shop, 'nft', 'add table inet wall');
    await world.in(shop, 'nft', 'add chain inet wall input { type filter hook input priority 0; }');
    await world.in(shop, 'nft', `add rule inet wall input tcp dport 443 ${wall}`);
    try {
      const seen = await world.in(region, process.execPath, 'test/lab/climb.ts', shop.address, '443');
      expect(JSON.parse(seen)).toMatchObject({ passed: false, stage: 'tcp', outcome, evidence, errno });
    } finally {
      await world.lift(shop);
    }
  });
});
