import { text } from 'node:stream/consumers';
import { climbAll } from '../../../lib/probe/group.ts';
import type { Watched } from '../scenario.ts';

/** What a region is to try, as JSON on its standard input. */
export interface Climb {
  readonly watched: readonly Watched[];
  readonly resolver: string | null;
  readonly controls: readonly string[];
  /** PEM. */
  readonly trust: readonly string[];
}

/** Climbs once to all, in one group, and prints the observations: run where the prober is to stand. */
const { watched, ...prober } = JSON.parse(await text(process.stdin)) as Climb;
const tries = watched.map((one, index) => ({
  target: { addressFamily: 'ipv4', certificate: 'verify', ...one, tag: index } as const,
  address: null,
  pin: 'if_resolved' as const,
  orOther: false,
  rotation: 0,
}));
const { observations } = await climbAll(tries, {
  ...prober,
  allowPrivateAddresses: true,
  ipv6: true,
  sourceAddress: () => null,
});
console.log(JSON.stringify(observations));
