#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The first Node that all of this runs on as it is; older ones that read this file at all know TypeScript. */
const NODE_MAJOR = 24;

if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) {
  const { main } = await import('../lib/cli/program.ts');
  await main(process.argv);
} else {
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
  if (existsSync(node) && process.env.PARALLAX_NODE !== node) {
    const child = spawn(node, process.argv.slice(1), {
      stdio: 'inherit',
      env: { ...process.env, PARALLAX_NODE: node },
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  } else {
    console.error(
      `parallax: Node ${NODE_MAJOR} is needed, this is ${process.versions.node}: run npm ci, then npm start`,
    );
    process.exit(1);
  }
}
