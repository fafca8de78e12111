import type { Host, World } from './world.ts';

/** SYNs seen since the last reading, by where they were to go. */
export interface Syns {
  readonly open: number;
  /** To any other address. */
  readonly forbidden: number;
}

export interface SynCounter {
  /** Reads and begins anew. */
  read(): Promise<Syns>;
}

/** Counts the SYNs that a host sends (`output`: loopback included) or gets (`prerouting`: its own or not). */
export async function countSyns(
  world: World,
  at: Host,
  hook: 'output' | 'prerouting',
  open: { readonly address: string; readonly address6: string },
): Promise<SynCounter> {
  const syn = 'tcp flags & (syn | ack) == syn';
  await world.rules(
    at,
    'add table inet seen',
    'add counter inet seen open',
    'add counter inet seen forbidden',
    `add chain inet seen syns { type filter hook ${hook} priority 0; }`,
    `add rule inet seen syns ${syn} ip daddr ${open.address} counter name open accept`,
    `add rule inet seen syns ${syn} ip6 daddr ${open.address6} counter name open accept`,
    `add rule inet seen syns ${syn} counter name forbidden`,
  );
  const count = async (name: keyof Syns): Promise<number> => {
    const said = await world.in(at, 'nft', 'reset', 'counter', 'inet', 'seen', name);
    const packets = /packets (\d+)/.exec(said)?.[1];
    if (packets === undefined) throw new Error(`nft told no number of packets: ${said}`);
    return Number(packets);
  };
  return { read: async () => ({ open: await count('open'), forbidden: await count('forbidden') }) };
}
