import { isIP } from 'node:net';
import type { CheckTarget } from '../../endpoint/check.ts';
import { UsageError } from '../../local/usage-error.ts';
import { connect, type Schemas } from '../api-client.ts';
import { ApiRefusal } from '../api-refusal.ts';
import { someIn } from '../endpoint-flags.ts';
import type { WrittenApi } from '../options.ts';
import { print } from '../print.ts';
import { SETTINGS, worded } from '../wording.ts';
import { askEverywhere, follow, openProgress, readCheck, SILENT } from './everywhere.ts';
import { type CheckResult, checkHere, EXIT_CODES, type HereOptions } from './here.ts';
import { type Check, checkLine, meaning, resultOf } from './matrix.ts';
import { loopbackOf } from './own-names.ts';
import { isEndpointId, targetIn, type WrittenTarget } from './target.ts';
import { repeat, tallyLine, worst } from './watch.ts';
import { oneLine, waterfall } from './waterfall.ts';

export interface WrittenCheck extends WrittenApi, WrittenTarget {
  readonly everywhere: boolean;
  readonly regions?: string;
  readonly resolver?: string;
  readonly id?: string;
  readonly watch: boolean;
  readonly every?: string;
}

/** Nobody is to be knocked at more often, and the API takes 30 checks a minute. */
const LEAST_SECONDS = { here: 1, everywhere: 5 } as const;
const DEFAULT_SECONDS = { here: 5, everywhere: 10 } as const;

/** How the command is typed, where it says how to see something again. */
const COMMAND = 'parallax';

/**
 * Tries something once, or again and again until the signal.
 * @returns the exit code: 0 passing, 1 failing, 3 inconclusive (also where the API cannot be asked).
 * @throws UsageError
 */
export async function runCheck(
  what: string | undefined,
  written: WrittenCheck,
  signal: AbortSignal,
): Promise<number> {
  checkUsage(what, written);
  try {
    return EXIT_CODES[await check(what, written, signal)];
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    if (error.status === 400 || error.status === 404) throw new UsageError(error.message, { cause: error });
    process.stderr.write(`parallax: ${error.message}\n`);
    return EXIT_CODES.inconclusive;
  }
}

function checkUsage(
  what: string | undefined,
  { id, everywhere, resolver, regions, watch, every }: WrittenCheck,
): void {
  if (id !== undefined) {
    if (what !== undefined || everywhere || watch) {
      throw new UsageError(
        '--id: shows a check that was made: leave out HOST:PORT, --everywhere and --watch',
      );
    }
    return;
  }
  if (what === undefined) throw new UsageError('check: write HOST:PORT, such as shop.example.com:443');
  if (everywhere && resolver !== undefined) {
    throw new UsageError('--resolver: regions ask their own; leave it out, or --everywhere');
  }
  if (!everywhere && regions !== undefined) throw new UsageError('--regions: is for --everywhere; add that');
  if (!watch && every !== undefined) throw new UsageError('--every: is for --watch; add that');
  if (!everywhere && !what.includes(':') && isEndpointId(what)) {
    throw new UsageError(
      `${what}: write HOST:PORT, such as shop.example.com:443; an endpoint by its id is tried with --everywhere`,
    );
  }
}

function check(what: string | undefined, written: WrittenCheck, signal: AbortSignal): Promise<CheckResult> {
  if (written.id !== undefined) return shownAgain(written.id, written);
  const text = what ?? '';
  if (written.everywhere) return everywhere(text, written, signal);
  const target = targetIn(text, written);
  const resolver = resolverIn(written.resolver);
  // Whoever names a resolver wants to know what that one says.
  const loopback = resolver === null ? loopbackOf(target, written.addressFamily) : null;
  return here(target, { resolver, loopback }, written, signal);
}

async function here(
  target: CheckTarget,
  options: HereOptions,
  written: WrittenCheck,
  signal: AbortSignal,
): Promise<CheckResult> {
  if (!written.watch) {
    const seen = await checkHere(target, options);
    print(written, seen, (columns) => waterfall(seen, columns, Date.now()));
    return seen.result;
  }
  return watched(written, signal, 'here', async () => {
    const seen = await checkHere(target, options);
    say(written, seen, oneLine(seen));
    return seen.result;
  });
}

async function everywhere(what: string, written: WrittenCheck, signal: AbortSignal): Promise<CheckResult> {
  const body = bodyIn(what, written);
  const api = connect(written);
  const asking = (): Promise<Check> => worded(SETTINGS, askEverywhere(api, body));
  if (!written.watch) return shown(api, await asking(), written);
  return watched(written, signal, 'everywhere', async () => {
    const seen = await follow(api, await asking(), () => {});
    say(written, seen, checkLine(seen));
    return resultOf(seen);
  });
}

async function shownAgain(id: string, written: WrittenCheck): Promise<CheckResult> {
  const api = connect(written);
  return shown(api, await readCheck(api, id), written);
}

async function shown(
  api: ReturnType<typeof connect>,
  asked: Check,
  written: WrittenCheck,
): Promise<CheckResult> {
  const progress = written.json ? SILENT : openProgress(process.stdout);
  const seen = await follow(api, asked, progress.show).finally(progress.end);
  print(written, seen, () => meaning(seen, COMMAND, Date.now()));
  return resultOf(seen);
}

/** Again and again, then the tally. */
async function watched(
  written: WrittenCheck,
  signal: AbortSignal,
  where: keyof typeof LEAST_SECONDS,
  once: () => Promise<CheckResult>,
): Promise<CheckResult> {
  const seconds = written.every === undefined ? DEFAULT_SECONDS[where] : Number(written.every);
  const least = LEAST_SECONDS[where];
  if (!(seconds >= least && seconds <= 3600)) {
    throw new UsageError(`--every ${written.every}: write a number of seconds from ${least} to 3600`);
  }
  const tally = await repeat(once, seconds, signal);
  if (!written.json) process.stdout.write(`${tallyLine(tally)}\n`);
  return worst(tally);
}

/** One of many: JSON on one line each, whoever reads it. */
function say({ json }: WrittenCheck, seen: unknown, line: string): void {
  process.stdout.write(`${json ? JSON.stringify(seen) : line}\n`);
}

function bodyIn(what: string, written: WrittenCheck): Schemas['CheckInput'] {
  const regions = written.regions === undefined ? undefined : someIn('--regions', written.regions);
  const from = regions === undefined ? {} : { regions };
  if (!isEndpointId(what)) return { ...targetIn(what, written), ...from };
  const { handshake, serverName, addressFamily, certificate } = written;
  if ([handshake, serverName, addressFamily, certificate].some((one) => one !== undefined)) {
    throw new UsageError(
      `${what}: an endpoint is tried as it is registered; write HOST:PORT to try it otherwise`,
    );
  }
  return { endpoint: what, ...from };
}

/** `ADDRESS` or `ADDRESS:PORT`, an IPv6 address with a port in brackets; null: the system's. */
function resolverIn(written: string | undefined): string | null {
  if (written === undefined) return null;
  if (isIP(written) !== 0) return written;
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(written) ?? [];
  const fits = isIP(bracketed ?? '') === 6 || isIP(plain ?? '') === 4;
  if (fits && Number(port) >= 1 && Number(port) <= 65_535) return written;
  throw new UsageError(`--resolver ${written}: write ADDRESS or ADDRESS:PORT, such as 192.0.2.53:53`);
}
