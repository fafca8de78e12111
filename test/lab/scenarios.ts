import type { NetworkScenario } from './scenario.ts';
import { HELLO_SCENARIOS } from './scenarios/hello.ts';
import { HOST_SCENARIOS } from './scenarios/hosts.ts';
import { NAME_SCENARIOS } from './scenarios/names.ts';
import { WALL_SCENARIOS } from './scenarios/walls.ts';

export { PROBER_SCENARIOS } from './scenarios/prober.ts';

/**
 * Faults of networks, servers and names. All of them can stand in one lab at the same time; those of PROBER_SCENARIOS, which
 * harm everything that a region does, can stand beside each other but not beside these.
 */
export const SCENARIOS: readonly NetworkScenario[] = [
  ...WALL_SCENARIOS,
  ...HELLO_SCENARIOS,
  ...HOST_SCENARIOS,
  ...NAME_SCENARIOS,
];
