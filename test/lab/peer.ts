import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Host, World } from './world.ts';

/** A program of `test/lab/peers` on a host, once it has said that it listens. */
export async function peer(world: World, at: Host, name: string, ...words: string[]): Promise<ChildProcess> {
  const child = world.start(at, [process.execPath, `test/lab/peers/${name}.ts`, ...words], 'piped');
  if (!child.stdout) throw new Error(`${name} has no output`);
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${name} ${words.join(' ')} ended before it listened`);
  });
  await Promise.race([once(child.stdout, 'data'), ended]);
  ended.catch(() => {});
  return child;
}
