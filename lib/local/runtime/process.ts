import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Children, signalGroup } from '../children.ts';
import type { FunctionSettings } from './function.ts';
import { FunctionError, type FunctionFailure } from './function-error.ts';
import { processEnvironment } from './process-environment.ts';
import type { InvocationHeaders, RuntimeApi } from './runtime-api.ts';

export interface Invocation {
  readonly requestId: string;
  /** JSON. */
  readonly event: string;
  resolve(answer: string): void;
  reject(error: FunctionError): void;
}

/** What function processes share. */
export interface ProcessWorld {
  readonly children: Children;
  readonly runtimeApi: RuntimeApi;
  readonly dynamodbUrl: string;
  readonly awsUrl: string;
  /** PEM file of further authorities the functions trust; null: none. */
  readonly caFile: string | null;
  /** Directory for compiled code. */
  readonly compileCache: string;
  /** Each line a function writes. */
  log(settings: FunctionSettings, line: string): void;
}

/** Where a process gets its work, and to whom it reports its end. */
interface Employer {
  readonly idleMs: number;
  take(): Invocation | null;
  ended(failure: FunctionError | null): void;
}

export interface FunctionProcess {
  /** Whether it has ever asked for work. */
  cameUp(): boolean;
  /** There is work: take it if idle. */
  offer(): void;
}

/** A process that has not asked for work after this long never will, in ms. */
const START_MS = 30_000;

/** The last lines of output that are kept for an error. */
const LOG_LINES = 30;

const BOOTSTRAP = fileURLToPath(new URL('../bootstrap.ts', import.meta.url));

/** Starts one process of a function. It takes one invocation after the other until it is idle for too long or fails. */
export function startProcess(
  settings: FunctionSettings,
  world: ProcessWorld,
  employer: Employer,
): FunctionProcess {
  const log: string[] = [];
  let up = false;
  let done = false;
  let current: Invocation | null = null;
  let answer: ((invocation: InvocationHeaders, event: string) => void) | null = null;
  let timer: NodeJS.Timeout | undefined;

  const fail = (what: string, failure: FunctionFailure): FunctionError =>
    new FunctionError(`${settings.name}: ${what}`, failure, [...log]);

  const finish = (failure: FunctionError | null): void => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    admitted.forget();
    signalGroup(child, 'SIGKILL');
    if (failure) current?.reject(failure);
    current = null;
    employer.ended(failure);
  };

  const offer = (): void => {
    if (done || !answer || current) return;
    const invocation = employer.take();
    if (!invocation) return;
    const give = answer;
    answer = null;
    current = invocation;
    clearTimeout(timer);
    timer = setTimeout(
      () => finish(fail(`timed out after ${settings.timeoutMs / 1000} s`, 'timeout')),
      settings.timeoutMs,
    );
    give(
      {
        requestId: invocation.requestId,
        deadlineMs: Date.now() + settings.timeoutMs,
        functionArn: settings.arn,
      },
      invocation.event,
    );
  };

  const settle = (requestId: string, end: (invocation: Invocation) => void): void => {
    if (current?.requestId !== requestId) return;
    const invocation = current;
    current = null;
    clearTimeout(timer);
    end(invocation);
  };

  const admitted = world.runtimeApi.admit({
    next(give) {
      up = true;
      answer = give;
      clearTimeout(timer);
      timer = setTimeout(() => finish(null), employer.idleMs);
      offer();
    },
    response: (requestId, body) => settle(requestId, (invocation) => invocation.resolve(body)),
    error(requestId, body) {
      if (requestId === null) finish(fail(`could not be loaded: ${errorText(body)}`, 'start'));
      else settle(requestId, (invocation) => invocation.reject(fail(errorText(body), 'handler')));
    },
  });

  const heapMb = Math.max(64, Math.floor(settings.memoryMb * 0.75));
  const words = [
    ...settings.runIn,
    process.execPath,
    `--max-old-space-size=${heapMb}`,
    '--max-semi-space-size=2',
    BOOTSTRAP,
  ];
  const child = world.children.spawn(words[0] ?? process.execPath, words.slice(1), {
    env: processEnvironment(settings, world, admitted.address),
    cwd: settings.directory,
    // Its end of our pipe closes when we die, however we do; see bootstrap.ts.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  timer = setTimeout(() => finish(fail(`did not start within ${START_MS / 1000} s`, 'start')), START_MS);
  follow(child, (line) => {
    log.push(line);
    if (log.length > LOG_LINES) log.shift();
    world.log(settings, line);
  });
  child.once('error', (error) => finish(fail(`cannot be started: ${error.message}`, 'start')));
  child.once('close', (code, signal) =>
    finish(fail(`the process ended (${signal ?? `exit code ${code}`})`, up ? 'crash' : 'start')),
  );
  return { cameUp: () => up, offer };
}

function follow(child: ChildProcess, take: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', take);
  }
}

function errorText(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (parsed && typeof parsed === 'object' && 'errorMessage' in parsed) return String(parsed.errorMessage);
  } catch {
    // Not JSON: the text itself says more than a complaint about it would.
  }
  return body;
}
