import type { Observation } from '../../lib/round/observation.ts';
import type { Lab } from './lab.ts';
import type { Climb } from './peers/climb.ts';
import { REGIONS, type RegionName, type Watched } from './scenario.ts';
import { feed } from './shell.ts';

export type Climbs = Readonly<Record<RegionName, readonly Observation[]>>;

/** Every region tries all of them once, at the same time, each in one process and one group; in their order. */
export async function climbs(lab: Lab, watched: readonly Watched[]): Promise<Climbs> {
  const from = async (region: RegionName): Promise<[RegionName, readonly Observation[]]> => {
    const climb: Climb = {
      watched,
      resolver: lab.names[region].resolver,
      controls: lab.controls,
      trust: [lab.authority.authority],
    };
    const words = [...lab.regions[region].prefix.split(' '), process.execPath, 'test/lab/peers/climb.ts'];
    return [region, JSON.parse(await feed(JSON.stringify(climb), ...words))];
  };
  return Object.fromEntries(await Promise.all(REGIONS.map(from))) as Record<
    RegionName,
    readonly Observation[]
  >;
}
