// The probers and their peer alone in a network namespace, whose every TCP packet is counted. Prints its figures as JSON.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HANDSHAKES, type Handshake } from '../lib/outcome/outcome.ts';
import { attempt } from '../lib/probe/ladder.ts';
import { feed, sh, until } from '../test/lab/shell.ts';
import type { Figure } from './bench.ts';
import { BLACKBOX, startBlackbox } from './blackbox.ts';
import { curls, sTime } from './clients.ts';
import { keepInFlight } from './climb.ts';
import { startNginx } from './nginx.ts';
import { missing, withChildren } from './programs.ts';
import { targetOf } from './target.ts';

const TIMES = 50;

interface Count {
  readonly packets: number;
  readonly bytes: number;
}

interface Weighed {
  readonly who: string;
  readonly rung: Handshake;
  readonly sent: Count;
  readonly received: Count;
  readonly note?: string;
}

/** Counts what goes to a port and what comes from it. */
const countPort = (port: number): Promise<string> =>
  feed(
    `table inet wire {
      counter sent {}
      counter received {}
      chain output { type filter hook output priority 0;
        tcp dport ${port} counter name sent
        tcp sport ${port} counter name received
      }
    }`,
    ...['nft', '-f', '-'],
  );

async function counts(): Promise<readonly [sent: Count, received: Count]> {
  const count = (said: string): Count => {
    const [, packets, bytes] = /packets (\d+) bytes (\d+)/.exec(said) ?? [];
    return { packets: Number(packets), bytes: Number(bytes) };
  };
  const of = async (name: string): Promise<Count> =>
    count(await sh('nft', 'list', 'counter', 'inet', 'wire', name));
  return [await of('sent'), await of('received')];
}

/** Once all goodbyes have been said: they end in the background. */
async function settled(): Promise<readonly [sent: Count, received: Count]> {
  let last = await counts();
  await until(
    'nothing more is sent',
    async () => {
      const now = await counts();
      const same = now[0].packets === last[0].packets && now[1].packets === last[1].packets;
      last = now;
      return same;
    },
    10_000,
    300,
  );
  return last;
}

/** @param shake makes some handshakes and says how many. */
async function weigh(
  who: string,
  rung: Handshake,
  shake: () => Promise<number>,
  note?: string,
): Promise<Weighed> {
  const before = await settled();
  const times = await shake();
  const after = await settled();
  const each = (index: 0 | 1): Count => ({
    packets: (after[index].packets - before[index].packets) / times,
    bytes: (after[index].bytes - before[index].bytes) / times,
  });
  return { who, rung, sent: each(0), received: each(1), ...(note ? { note } : {}) };
}

async function measure(directory: string): Promise<readonly Weighed[]> {
  return withChildren(async (children) => {
    const nginx = await startNginx(children, directory);
    const blackbox =
      missing(BLACKBOX, BLACKBOX) === null ? await startBlackbox(children, directory, nginx) : null;
    await countPort(nginx.port);
    const options = { allowPrivateAddresses: true, trust: [nginx.authority] };
    const all: Weighed[] = [];
    const every = async (one: () => Promise<unknown>): Promise<number> =>
      (await keepInFlight(1, TIMES, one)).length;
    for (const rung of HANDSHAKES) {
      const target = targetOf(nginx, rung);
      const climb = async (): Promise<void> => {
        const { observation } = await attempt(target, { address: '127.0.0.1', at: Date.now() }, options);
        if (!observation.passed) throw new Error(`${rung} failed`, { cause: observation });
      };
      all.push(await weigh('Parallax', rung, () => every(climb)));
      const asks = rung === 'http2' ? 'sends a request too' : undefined;
      if (blackbox)
        all.push(await weigh('blackbox_exporter', rung, () => every(() => blackbox.probe(rung)), asks));
      if (rung === 'tls' && missing('openssl', 'openssl') === null)
        all.push(await weigh('openssl s_time', rung, async () => (await sTime(children, nginx)).times));
      if (rung === 'http2' && missing('curl', 'curl') === null)
        all.push(
          await weigh(
            'curl',
            rung,
            async () => (await curls(children, nginx, { inFlight: 1, times: TIMES })).times,
            asks,
          ),
        );
    }
    return all;
  });
}

function figuresOf(all: readonly Weighed[]): readonly Figure[] {
  return all.flatMap(({ who, rung, sent, received, note }) => {
    const ours = all.find((one) => one.rung === rung);
    return (['sent', 'received'] as const).map((way): Figure => {
      const { bytes, packets } = way === 'sent' ? sent : received;
      const isOurs = who === ours?.who;
      return {
        what: `${way} by one ${rung} handshake, ${who}`,
        value: bytes,
        unit: 'bytes',
        ...(isOurs && rung === 'http2' && way === 'sent' ? { atMost: 1200 } : {}),
        ...(isOurs || !ours ? {} : { timesOurs: bytes / ours[way].bytes }),
        note: [`${Number(packets.toFixed(1))} packets`, ...(note ? [note] : [])].join('; '),
      };
    });
  });
}

const directory = await mkdtemp(join(tmpdir(), 'parallax-bench-'));
try {
  console.log(JSON.stringify(figuresOf(await measure(directory))));
} finally {
  await rm(directory, { recursive: true, force: true });
}
