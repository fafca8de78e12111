import { createColors } from 'picocolors';

/**
 * Colours where somebody looks: on a terminal that has them, or where FORCE_COLOR asks for them. Nowhere else, not even where CI is set
 * (picocolors' own rule colours what a pipeline pipes into a file).
 */
export function isColoured(
  { NO_COLOR, FORCE_COLOR }: NodeJS.ProcessEnv,
  stdout: { readonly isTTY?: boolean; hasColors?(): boolean },
): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stdout.isTTY === true && stdout.hasColors?.() === true;
}

export const colors = createColors(isColoured(process.env, process.stdout));
