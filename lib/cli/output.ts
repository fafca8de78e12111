import type { Report } from '../local/event.ts';
import { jsonOutput } from './output-json.ts';
import { lineOutput } from './output-lines.ts';
import { liveOutput } from './output-live.ts';

export interface Output {
  readonly report: Report;
  /** The end has begun. */
  ending(): void;
  close(): void;
}

/** JSON when asked for; a live table on a terminal; plain lines elsewhere. */
export function openOutput(shown: { readonly json: boolean; readonly verbose: boolean }): Output {
  if (shown.json) return jsonOutput(shown.verbose);
  return process.stdout.isTTY ? liveOutput(shown.verbose) : lineOutput(shown.verbose);
}
