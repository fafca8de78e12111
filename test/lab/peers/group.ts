import { text } from 'node:stream/consumers';
import { climbAll, type Prober, type Try } from '../../../lib/probe/group.ts';

/** What a region is to try, as JSON on its standard input. */
export interface Group {
  readonly tries: readonly Try[];
  readonly prober: Pick<Prober, 'resolver' | 'allowPrivateAddresses' | 'controls' | 'limits'>;
}

/** Climbs to all in one group and prints the result: run where the prober is to stand. */
const { tries, prober } = JSON.parse(await text(process.stdin)) as Group;
console.log(JSON.stringify(await climbAll(tries, { ...prober, ipv6: true, sourceAddress: () => null })));
