import { createColors } from 'picocolors';

/**
 * Colours where somebody looks: on a terminal that has them, or where FORCE_COLOR asks for them. Nowhere else, not even where CI is set
 * (picocolors' own rule colours what a pipeline pipes into a file).
 */
const { env, stdout } = process;
const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
export const colors = createColors(
  !env.NO_COLOR && (forced || (stdout.isTTY === true && stdout.hasColors())),
);
