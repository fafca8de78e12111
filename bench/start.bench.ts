import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { SHOP } from '../lib/local/demo/demo.ts';
import type { Bench, Figure } from './bench.ts';
import { type Process, processTree, pssBytes } from './process-tree.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MB = 1e6;

const line = z.object({
  event: z.string(),
  topic: z.optional(z.string()),
  text: z.optional(z.string()),
  alert: z.optional(z.unknown()),
});
const shopAlert = z.object({ event: z.string(), endpoint: z.object({ id: z.literal(SHOP) }) });

type Line = z.infer<typeof line>;

/** What is waited for, in this order. */
const MOMENTS: readonly { readonly name: string; readonly fits: (line: Line) => boolean }[] = [
  { name: 'ready', fits: ({ event }) => event === 'ready' },
  { name: 'fault', fits: ({ event, text = '' }) => event === 'demo' && text.startsWith('the fault:') },
  { name: 'alert', fits: (seen) => isAlert(seen, 'trigger') },
  { name: 'lifted', fits: ({ text }) => text === 'the fault is lifted' },
  { name: 'resolve', fits: (seen) => isAlert(seen, 'resolve') },
];

function isAlert({ event, topic, alert }: Line, wanted: string): boolean {
  if (event !== 'alert' || topic !== 'json') return false;
  const said = shopAlert.safeParse(alert);
  return said.success && said.data.event === wanted;
}

async function run(progress: (text: string) => void): Promise<readonly Figure[]> {
  const begun = performance.now();
  const child = spawn('npm', ['start', '--silent', '--', '--json', '--port', '0'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const troubles = text(child.stderr);
  // It has a group of its own, so that a Ctrl-C would leave it behind.
  const interrupted = (): void => void end(child);
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  const at = new Map<string, number>();
  let memory: readonly Figure[] = [];
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    for (const { name, fits } of MOMENTS) {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`npm start ended before "${name}":\n${await troubles}`);
        if (fits(line.parse(JSON.parse(value)))) break;
      }
      at.set(name, (performance.now() - begun) / 1000);
      progress(`${name} after ${at.get(name)?.toFixed(1)} s`);
      if (name === 'alert') memory = memoryOf(child.pid ?? 0);
    }
  } finally {
    await end(child);
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
  const seconds = (to: string, from?: string): number =>
    (at.get(to) ?? Number.NaN) - (from === undefined ? 0 : (at.get(from) ?? Number.NaN));
  return [
    { what: 'from the prompt to ready', value: seconds('ready'), unit: 's', atMost: 20 },
    { what: 'from the prompt to the partial alert', value: seconds('alert'), unit: 's', atMost: 90 },
    { what: 'from the fault to its alert', value: seconds('alert', 'fault'), unit: 's' },
    {
      what: 'from the end of the fault to the resolve',
      value: seconds('resolve', 'lifted'),
      unit: 's',
      atMost: 90,
    },
    ...memory,
  ];
}

/** Of everything that npm started, npm and its shell too. */
function memoryOf(root: number): readonly Figure[] {
  const processes = processTree(root);
  const sum = (fits: (one: Process) => boolean): number | null => {
    const sizes = processes.filter(fits).map(({ pid }) => pssBytes(pid));
    return sizes.some((size) => size !== null)
      ? sizes.reduce<number>((all, size) => all + (size ?? 0), 0) / MB
      : null;
  };
  const note = sum(() => true) === null ? { note: 'no /proc/PID/smaps_rollup here' } : {};
  return [
    {
      what: 'memory (PSS) when the alert is shown, all told',
      value: sum(() => true),
      unit: 'MB',
      atMost: 1200,
      ...note,
    },
    { what: '  the stack with its emulators', value: sum(isStack), unit: 'MB', ...note },
    { what: '  the functions', value: sum(isFunction), unit: 'MB', ...note },
    { what: '  function processes', value: processes.filter(isFunction).length, unit: 'processes', ...note },
  ];
}

const isStack = ({ command }: Process): boolean => command[1]?.endsWith('parallax.js') === true;
const isFunction = ({ command }: Process): boolean => command.at(-1)?.endsWith('bootstrap.ts') === true;

/** SIGINT to the stack itself, for npm's shell would die of it and leave the rest; SIGKILL to all where there is none. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  const stack = processTree(child.pid).find(isStack);
  if (stack) process.kill(stack.pid, 'SIGINT');
  else process.kill(-child.pid, 'SIGKILL');
  await gone;
}

export const bench: Bench = {
  title: 'npm start with three regions and the demo, from the prompt to the resolved alert',
  run,
};
