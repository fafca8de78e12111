#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * The first Node that all of this runs on as it is. This file is JavaScript, so that older ones can read it: they hand over to the Node
 * that npm ci installs.
 */
const NODE_MAJOR = 24;

/** @param {string} remedy */
function fail(remedy) {
  console.error(`parallax: ${remedy}`);
  process.exit(1);
}

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
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('error', (error) => fail(`${node} cannot be started (${error.message}): run npm ci again`));
    child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  } else {
    fail(
      `Node ${NODE_MAJOR} is needed, this is ${process.versions.node}: run npm ci, which installs it beside this`,
    );
  }
}
