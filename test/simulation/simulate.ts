import { render } from '../../lib/alert/alert.ts';
import { ALERT_FORMATS } from '../../lib/deployment/configuration.ts';
import { run } from '../support/judging.ts';
import { type Assessment, assess, type Finding } from './assess.ts';
import { Chance } from './chance.ts';
import { drawLife } from './life.ts';
import type { Mix } from './mix.ts';
import { WholeTruth } from './truth.ts';
import { worldOf } from './world.ts';

/** What came of one endpoint's days. */
export interface Lived extends Assessment {
  readonly seed: number;
  readonly endpoint: number;
  readonly days: number;
  readonly scheduledTries: number;
  readonly extraTries: number;
  readonly judgeCalls: number;
  readonly saves: number;
  readonly incidents: number;
  /** By format. */
  readonly publishes: Readonly<Record<string, number>>;
}

const DEPLOYMENT = { name: 'simulated', account: '123456789012', homeRegion: 'a', command: 'parallax' };

/** Simulates one endpoint: the same again for the same seed and number. */
export function simulate(seed: number, endpoint: number, days: number, mix: Mix): Lived {
  const life = drawLife(days, mix, new Chance(seed, 2 * endpoint));
  const truth = new WholeTruth(life);
  const world = worldOf(truth, mix, new Chance(seed, 2 * endpoint + 1));
  const home = run(world);
  const publishes: Record<string, number> = {};
  for (const format of ALERT_FORMATS) {
    publishes[format] = home.told.filter((one) => render(format, one, DEPLOYMENT) !== null).length;
  }
  const { intervalSeconds } = life.endpoint;
  return {
    ...assess(home, truth, world.mishaps),
    seed,
    endpoint,
    days,
    extraTries: home.extraTries,
    scheduledTries: Math.round((life.durationMs / 1000 / intervalSeconds) * life.regions.length),
    judgeCalls: home.calls,
    saves: home.saves,
    incidents: home.incidents.size,
    publishes,
  };
}

/** Where to look again: `seed/endpoint +seconds`. */
export function placeOf({ seed, endpoint }: Lived, { kind, at, detail }: Finding, start: number): string {
  return `${kind} ${seed}/${endpoint} +${((at - start) / 1000).toFixed(1)} s: ${detail}`;
}
