import { readFile } from 'node:fs/promises';
import { sh } from './shell.ts';

/** How someone who is not root runs the lab: a user, network and mount namespace of their own. */
export const HOW_TO = "unshare -Urnm sh -c 'npx vitest run --project whole test/lab'";

/** The map of the first user namespace, in which every id is its own (user_namespaces(7)). */
const IDENTITY = /^\s*0\s+0\s+4294967295\s*$/;

/** Whether our root is not the machine's: `unshare -Ur`. Only our own ids are mapped there. */
export async function inUserNamespace(): Promise<boolean> {
  return !IDENTITY.test(await readFile('/proc/self/uid_map', 'utf8'));
}

async function tryNamespace(): Promise<void> {
  const name = `plx-probe-${process.pid}`;
  await sh('ip', 'netns', 'add', name);
  await sh('ip', 'netns', 'del', name);
}

/** Inside `unshare -Urnm` /run is the machine's and not ours to write, and not even lo is up. */
async function settleIn(): Promise<void> {
  try {
    await tryNamespace();
  } catch {
    await sh('mount', '-t', 'tmpfs', 'tmpfs', '/run');
    await tryNamespace();
  }
  await sh('ip', 'link', 'set', 'lo', 'up');
}

async function findMissing(): Promise<string | null> {
  try {
    if (await inUserNamespace()) await settleIn();
    else await tryNamespace();
    await sh('nft', '--version');
    await sh('nginx', '-v');
    return null;
  } catch (error) {
    return String(error).split('\n')[0] ?? 'unknown';
  }
}

/**
 * Whether this machine lets us make network namespaces, and has the programs the lab needs; null: it does. Otherwise the reason,
 * and one line on the console that says how to run it. @throws where PARALLAX_LAB=required.
 */
export async function labMissing(): Promise<string | null> {
  const missing = await findMissing();
  if (missing === null) return null;
  if (process.env.PARALLAX_LAB === 'required') {
    throw new Error(`the lab is required here and cannot run: ${missing}`);
  }
  console.warn(`The lab is skipped (${missing}). To run it without being root: ${HOW_TO}`);
  return missing;
}
