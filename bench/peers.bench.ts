import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Figure } from './bench.ts';
import { BLACKBOX, startBlackbox } from './blackbox.ts';
import { climb, keepInFlight } from './climb.ts';
import { startNginx } from './nginx.ts';
import { costs } from './peers-cost.ts';
import type { Field } from './peers-field.ts';
import { ownPace } from './peers-pace.ts';
import { clocks } from './peers-timing.ts';
import { missing, withChildren } from './programs.ts';

/** The first handshakes of a process pay for its compiling. */
const WARM_UP = 300;

const unmeasured = (what: string, note: string): Figure => ({ what, value: null, unit: 'ms', note });

async function run(progress: (text: string) => void): Promise<readonly Figure[]> {
  const noNginx = missing('nginx', 'nginx');
  if (noNginx !== null) return [unmeasured('all probers', noNginx)];
  const noBlackbox = missing(BLACKBOX, BLACKBOX);
  const others = (['curl', 'openssl'] as const).map((name) => ({ name, lacks: missing(name, name) }));
  const has = new Set(others.filter(({ lacks }) => lacks === null).map(({ name }) => name));
  const directory = await mkdtemp(join(tmpdir(), 'parallax-bench-'));
  try {
    return await withChildren(async (children) => {
      const nginx = await startNginx(children, directory);
      const blackbox = noBlackbox === null ? await startBlackbox(children, directory, nginx) : null;
      const field: Field = { nginx, blackbox, has, children, progress };
      progress(`${WARM_UP} handshakes each to warm up`);
      await keepInFlight(8, WARM_UP, () => climb(nginx));
      if (blackbox) await keepInFlight(8, WARM_UP, () => blackbox.probe('http2'));
      return [
        ...(noBlackbox === null ? [] : [unmeasured('blackbox_exporter', noBlackbox)]),
        ...others.flatMap(({ name, lacks }) => (lacks === null ? [] : [unmeasured(name, lacks)])),
        ...(await costs(field)),
        ...(await clocks(field)),
        ...(await ownPace(field)),
      ];
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

export const bench: Bench = {
  title: 'Parallax beside blackbox_exporter, curl and openssl s_time, in turns, with one nginx on loopback',
  run,
};
