import { setTimeout as pause } from 'node:timers/promises';
import { createLogUpdate } from 'log-update';
import { ANSWER_WITHIN_MS } from '../../endpoint/check.ts';
import { type ApiClient, bodyOf, type Schemas } from '../api-client.ts';
import { ofEndpoint } from '../known.ts';
import { type Check, matrix, regionLine } from './matrix.ts';

/** How often it is asked what has come, in ms. */
const LOOK_MS = 400;
/** The API says within 15 s who has not answered; this much later something is wrong with it. */
const PATIENCE_MS = ANSWER_WITHIN_MS + 10_000;

/** Asks every region. @throws ApiRefusal */
export function askEverywhere(api: ApiClient, body: Schemas['CheckInput']): Promise<Check> {
  const ask = (): Promise<Check> => bodyOf(api.POST('/checks', { body }));
  return 'endpoint' in body ? ofEndpoint(api, body.endpoint, ask) : ask();
}

/** What has been seen so far. @throws ApiRefusal */
export function readCheck(api: ApiClient, id: string): Promise<Check> {
  return bodyOf(api.GET('/checks/{id}', { params: { path: { id } } }));
}

/** Reads a check again and again until every region has answered or is said not to. `show` gets each. @throws ApiRefusal */
export async function follow(
  api: ApiClient,
  check: Check,
  show: (check: Check) => void,
  signal?: AbortSignal,
): Promise<Check> {
  const endMs = performance.now() + PATIENCE_MS;
  let seen = check;
  show(seen);
  while (!seen.complete && performance.now() < endMs) {
    await pause(LOOK_MS, undefined, { signal });
    seen = await readCheck(api, seen.id);
    show(seen);
  }
  return seen;
}

/** How what comes in is shown while it does: a table that fills on a terminal, a line a region elsewhere. */
export interface Progress {
  readonly show: (check: Check) => void;
  end(): void;
}

export const SILENT: Progress = { show: () => {}, end: () => {} };

export function openProgress(stdout: NodeJS.WriteStream): Progress {
  // What has no height cannot be drawn on.
  return stdout.isTTY && stdout.rows > 0 ? table(stdout) : lines(stdout);
}

function table(stdout: NodeJS.WriteStream): Progress {
  const draw = createLogUpdate(stdout);
  return { show: (check) => draw(matrix(check, stdout.columns)), end: () => draw.done() };
}

function lines(stdout: NodeJS.WriteStream): Progress {
  const said = new Set<string>();
  return {
    show({ regions }) {
      for (const region of regions) {
        if (region.answer === 'pending' || said.has(region.region)) continue;
        said.add(region.region);
        stdout.write(`${regionLine(region)}\n`);
      }
    },
    end: () => {},
  };
}
