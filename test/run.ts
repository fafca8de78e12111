// `npm test`: what computes and what waits for networks, projects of vitest.config.ts, side by side. With
// arguments it is one vitest, which gets them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const VITEST = ['node_modules/vitest/vitest.mjs', 'run'];

const words = process.argv.slice(2);
process.exitCode = words.length > 0 ? await run(words) : await sideBySide();

async function run(arguments_: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...VITEST, ...arguments_], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

/** What the second one says is shown when the first is done: one report after the other. */
async function sideBySide(): Promise<number> {
  const whole = spawn(process.execPath, [...VITEST, '--project', 'whole'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
  });
  const ended = once(whole, 'exit');
  const said = Promise.all([text(whole.stdout), text(whole.stderr)]);
  const unit = await run(['--project', 'sharing', '--project', 'unit']);
  const [stdout, stderr] = await said;
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  const [code] = await ended;
  return unit || (code ?? 1);
}
