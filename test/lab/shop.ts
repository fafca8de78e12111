import type { ChildProcess } from 'node:child_process';
import { peer } from './peer.ts';
import type { Host, World } from './world.ts';

export interface ShopFiles {
  /** PEM files. */
  readonly cert: string;
  readonly key: string;
}

/** A healthy HTTP/2 server in a process of its own. */
export function shop(
  world: World,
  at: Host,
  { address, port, files }: { readonly address: string; readonly port: number; readonly files: ShopFiles },
): Promise<ChildProcess> {
  return peer(world, at, 'shop', address, String(port), files.cert, files.key);
}
