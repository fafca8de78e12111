import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Children } from '../lib/local/children.ts';
import { type Bundle, synthesizeBundles } from '../test/support/bundles.ts';
import { type Bench, type Figure, quantile } from './bench.ts';
import { sizes } from './cold-sizes.ts';
import { withChildren } from './programs.ts';

/** Of the local stack; does what Lambda's own runtime does. */
const BOOTSTRAP = fileURLToPath(new URL('../lib/local/bootstrap.ts', import.meta.url));
const RUNS = 11;
const EMPTY = 'an empty handler';
const REGION = 'eu-west-1';

async function run(progress: (text: string) => void): Promise<readonly Figure[]> {
  const outdir = await mkdtemp(join(tmpdir(), 'parallax-bench-'));
  try {
    progress('synthesizing');
    const bundles = synthesizeBundles(outdir, { name: 'bench', regions: [REGION] });
    const started = await start(new Map([[EMPTY, await emptyBundle(outdir)], ...bundles]), progress);
    const empty = started.get(EMPTY) ?? [];
    return [
      ...[...started].flatMap(([name, all]) => figuresOf(name, all, empty)),
      ...[...bundles].flatMap(([name, { directory }]) => sizes(name, directory)),
    ];
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

async function emptyBundle(outdir: string): Promise<Bundle> {
  const directory = join(outdir, 'empty');
  await mkdir(directory);
  await writeFile(join(directory, 'index.mjs'), 'export const handler = async () => {};\n');
  return { directory, environment: '{}' };
}

/** ms from starting a process until it asks for its first invocation, of all bundles in turn. */
async function start(
  bundles: ReadonlyMap<string, Bundle>,
  progress: (text: string) => void,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const runtimeApi = createServer();
  await once(runtimeApi.listen(0, '127.0.0.1'), 'listening');
  const started = new Map<string, number[]>([...bundles.keys()].map((name) => [name, []]));
  try {
    await withChildren(async (children) => {
      // The first of each reads its files from the disk.
      for (let turn = 0; turn <= RUNS; turn += 1) {
        if (turn === 1) progress(`${RUNS} starts of each of ${bundles.size} bundles`);
        for (const [name, bundle] of bundles) {
          const ms = await readyMs(children, bundle, runtimeApi);
          if (turn > 0) started.get(name)?.push(ms);
        }
      }
    });
  } finally {
    runtimeApi.close();
  }
  return started;
}

async function readyMs(children: Children, bundle: Bundle, runtimeApi: Server): Promise<number> {
  const { port } = runtimeApi.address() as AddressInfo;
  const begun = performance.now();
  const child = children.spawn(process.execPath, [BOOTSTRAP], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: {
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      LAMBDA_TASK_ROOT: bundle.directory,
      _HANDLER: 'index.handler',
      NODE_OPTIONS: '--enable-source-maps',
      AWS_REGION: REGION,
      PARALLAX: bundle.environment,
    },
  });
  const gone = once(child, 'exit');
  const [asked] = await Promise.race([
    once(runtimeApi, 'request'),
    gone.then(() => Promise.reject(new Error(`the process of ${bundle.directory} ended`))),
  ]);
  const ms = performance.now() - begun;
  child.kill('SIGKILL');
  await gone;
  if (!String(asked.url).endsWith('/invocation/next')) throw new Error(`a bundle did not load: ${asked.url}`);
  return ms;
}

function figuresOf(name: string, all: readonly number[], empty: readonly number[]): readonly Figure[] {
  const median = quantile(all, 0.5);
  const floor = quantile(empty, 0.5);
  const whole: Figure = { what: `process to first request, ${name}`, value: median, unit: 'ms' };
  if (name === EMPTY)
    return [
      {
        ...whole,
        note: `median of ${all.length}, as all of these; the fastest ${Math.min(...all).toFixed(0)} ms`,
      },
    ];
  return [
    {
      ...whole,
      note: `${(median / floor).toFixed(2)} × the empty one; the fastest ${Math.min(...all).toFixed(0)} ms`,
    },
    {
      what: `cold init, ${name}: beyond the empty one`,
      value: median - floor,
      unit: 'ms',
      ...(name === 'probe' ? { atMost: 150 } : {}),
      note: `by the fastest of each ${(Math.min(...all) - Math.min(...empty)).toFixed(0)} ms`,
    },
  ];
}

export const bench: Bench = {
  title:
    'cold start of each function beside an empty handler, by the local runtime, and the size of its bundle',
  run,
};
