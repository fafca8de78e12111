import type { Prober, Try } from '../../../lib/probe/group.ts';
import type { Target } from '../../../lib/probe/ladder.ts';
import type { Observation } from '../../../lib/round/observation.ts';
import type { HealthyReady } from './healthy-main.ts';
import type { PeersReady } from './peers-main.ts';

/** What a prober in a process of its own is asked for. */
export interface Job {
  readonly peers: PeersReady;
  readonly healthy: HealthyReady;
  readonly limits: NonNullable<Prober['limits']>;
  /** Groups, one after another; each a list of what to climb to. */
  readonly groups: readonly (readonly Wish[])[];
  /** Do not climb as a group but each alone, all at once, to see how long each takes. */
  readonly alone: boolean;
}

export interface Wish {
  /** The name of a hostile peer; null: the healthy one. */
  readonly peer: string | null;
  readonly handshake: Target['handshake'];
}

export interface Done {
  readonly groups: readonly GroupDone[];
  /** What still keeps the process alive once all farewells are said. */
  readonly left: readonly string[];
}

export interface GroupDone {
  readonly observations: readonly Observation[];
  /** By wish when alone, else of the whole group. */
  readonly ms: readonly number[];
  /** Resident memory over what it was before, at most. */
  readonly extraBytes: number;
}

let used = 0;

/** A try to an address of loopback that no other try has: tries to one address are spaced. */
export function tryOf(job: Job, wish: Wish): Try {
  used += 1;
  const target: Target = {
    tag: used % 65_536,
    host: `127.1.${used >> 8}.${used & 255}`,
    port: wish.peer === null ? job.healthy.port : (job.peers.ports[wish.peer] ?? 0),
    handshake: wish.handshake,
    addressFamily: 'ipv4',
    certificate: 'verify',
    serverName: 'shop.test',
  };
  return { target, address: null, pin: 'if_resolved', orOther: false, rotation: 0 };
}
