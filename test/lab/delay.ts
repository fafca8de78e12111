import { open } from 'node:fs/promises';
import { peer } from './peer.ts';
import { feed } from './shell.ts';
import type { Router, World } from './world.ts';

/** What comes in goes through the device first; what comes out of it is routed as usual. */
const THROUGH_IT = [
  'route add default dev slow0 table 100',
  'rule add iif net0 lookup 100',
  'rule add iif lan0 lookup 100',
];

/** Whether we may make devices whose packets a process of ours passes on. */
export async function mayDelay(): Promise<boolean> {
  try {
    await (await open('/dev/net/tun', 'r+')).close();
    return true;
  } catch {
    return false;
  }
}

/** From now on what passes a router takes this much longer each way: a process in user space holds it back, SYNs and all. */
export async function delay(world: World, router: Router, oneWayMs: number): Promise<void> {
  await world.in(router, 'ip', 'tuntap', 'add', 'dev', 'slow0', 'mode', 'tun');
  await peer(world, router, 'delay', 'slow0', String(oneWayMs));
  const batch = (...words: readonly string[]): Promise<string> =>
    feed(THROUGH_IT.join('\n'), 'ip', ...words, '-n', router.name, '-batch', '-');
  await world.in(router, 'ip', 'link', 'set', 'slow0', 'up');
  await batch('-4');
  await batch('-6');
}
