// `npm test`: what computes and what waits for networks, projects of vitest.config.ts, side by side. With
// arguments it is one vitest, which gets them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { text } from 'node:stream/consumers';

const VITEST = ['node_modules/vitest/vitest.mjs', 'run'];

const words = process.argv.slice(2);
process.exitCode = words.length > 0 ? await run(words) : await sideBySide();

async function run(arguments_: readonly string[]): Promise<number> {
  return ended(spawn(process.execPath, [...VITEST, ...arguments_], { stdio: 'inherit' }));
}

async function ended(child: ChildProcess): Promise<number> {
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

/** What the second one says is shown when the first is done: one report after the other. */
async function sideBySide(): Promise<number> {
  const whole = spawn(process.execPath, [...VITEST, '--project', 'whole'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
  });
  const wholeEnded = ended(whole);
  const said = Promise.all([text(whole.stdout), text(whole.stderr)]);
  const units = [...VITEST, '--project', 'sharing', '--project', 'unit'];
  const computing = spawn(process.execPath, units, { stdio: 'inherit' });
  // What waits for networks is late where it has to wait for what computes, and says little then; the other way round nothing is lost.
  if (computing.pid !== undefined) setPriority(computing.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const unit = await ended(computing);
  const [stdout, stderr] = await said;
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  return unit || (await wholeEnded);
}
