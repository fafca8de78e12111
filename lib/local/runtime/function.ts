import { randomUUID } from 'node:crypto';
import { FunctionError } from './function-error.ts';
import { type FunctionProcess, type Invocation, type ProcessWorld, startProcess } from './process.ts';

/** A function as its template says it. */
export interface FunctionSettings {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** Directory of the bundle. */
  readonly directory: string;
  /** `file.export`, as in the template. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  /** Words before the command: `ip netns exec eu`. */
  readonly runIn: readonly string[];
}

export interface LocalFunction {
  readonly settings: FunctionSettings;
  /** The handler's answer as JSON. @throws FunctionError when it threw, crashed or took too long. */
  invoke(event: unknown): Promise<string>;
}

/** Processes of one function at a time, at most. */
export const PROCESSES = 4;

/** A process that has had nothing to do for this long is ended, in ms. A little over the minute of a schedule. */
export const IDLE_MS = 65_000;

/** An invocation waits this long for a process that is busy before one more is started, in ms: most are done by then. */
const PATIENCE_MS = 250;

/** One invocation at a time per process; one process more when none is free for a while, up to PROCESSES. None before it is asked. */
export function openFunction(
  settings: FunctionSettings,
  world: ProcessWorld,
  limits: { readonly processes?: number; readonly idleMs?: number } = {},
): LocalFunction {
  const { processes: most = PROCESSES, idleMs = IDLE_MS } = limits;
  const waiting: Invocation[] = [];
  const processes = new Set<FunctionProcess>();
  let patience: NodeJS.Timeout | null = null;

  const start = (): void => {
    const started = startProcess(settings, world, {
      idleMs,
      take: () => waiting.shift() ?? null,
      ended: (failure) => {
        processes.delete(started);
        // Nobody took the oldest one because the process that was started for it never came up.
        if (failure && !started.cameUp()) waiting.shift()?.reject(failure);
        fill();
      },
    });
    processes.add(started);
  };

  const more = (): void => {
    patience = null;
    if (waiting.length === 0 || processes.size >= most) return;
    // The one that is coming up may well do them all; several at once would only be slower to come up.
    if ([...processes].some((process) => !process.cameUp())) {
      fill();
      return;
    }
    try {
      start();
    } catch (cause) {
      waiting
        .shift()
        ?.reject(new FunctionError(`${settings.name}: cannot be started`, 'start', [], { cause }));
    }
    fill();
  };

  const fill = (): void => {
    for (const process of processes) if (waiting.length > 0) process.offer();
    if (waiting.length === 0) return;
    if (processes.size === 0) more();
    else if (patience === null) patience = setTimeout(more, PATIENCE_MS).unref();
  };

  return {
    settings,
    invoke: (event) =>
      new Promise((resolve, reject) => {
        waiting.push({ requestId: randomUUID(), event: JSON.stringify(event), resolve, reject });
        fill();
      }),
  };
}
